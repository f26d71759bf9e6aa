from unittest.mock import ANY

import pytest

from audit.models import AuditEvent
from audit.record import SYSTEM
from branding.actions import brands
from notify.lib.refusals import ActionRefused, PermissionRefused
from tests.branding.test_logos import png, svg
from tests.factories.accounts import UserFactory
from tests.factories.branding import EmailBrandFactory, LetterBrandFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.services import ServiceFactory
from tests.helpers.cast import STAFF, PlatformCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "x" * 256}, ["name"]),
        ({"name": "nhs"}, ["taken"]),
        ({"text": "", "alt_text": ""}, ["words", "logo"]),
        ({"alt_text": "Agency"}, ["both"]),
        ({"colour": "red"}, ["colour"]),
        ({"style": "org_banner"}, ["colour"]),
        ({"style": "neon"}, ["style"]),
        ({"text": "", "alt_text": "Agency"}, ["logo"]),
    ],
)
def test_a_brand_must_be_complete(fields, codes):
    with pytest.raises(ActionRefused) as caught:
        brands.create_email_brand(**({"name": "Agency", "text": "Agency"} | fields), by=SYSTEM)
    assert [reason.code for reason in caught.value.reasons] == codes


def test_a_changed_brand_keeps_the_file_of_the_old_logo():
    brand = brands.create_email_brand(name="Agency", alt_text="Agency", logo=png(), by=SYSTEM)
    old = brand.logo.name
    changed = brands.update_email_brand(brand, by=SYSTEM, logo=png(colour=(200, 0, 0, 255)), colour="f00")
    assert changed.logo.name != old
    assert changed.logo.storage.exists(old)
    assert changed.colour == "#ff0000"
    assert AuditEvent.objects.filter(name="email_brand.changed").get().data["before"] == {"colour": "", "logo": old}


def test_a_changed_letter_brand_keeps_the_file_of_the_old_logo():
    brand = brands.create_letter_brand(name="Crest", logo=svg(), by=SYSTEM)
    old = brand.logo.name
    changed = brands.update_letter_brand(brand, by=SYSTEM, name="Crest", logo=svg('<circle r="5"/>'))
    assert changed.logo.name != old
    assert changed.logo.storage.exists(old)
    assert AuditEvent.objects.get(name="letter_brand.changed").data["before"] == {"name": "Crest", "logo": old}


def test_archiving_twice_is_harmless():
    brand = EmailBrandFactory(name="Crest")
    brands.archive_brand(brand, by=SYSTEM)
    brand.refresh_from_db()
    name = brand.name
    brands.archive_brand(brand, by=SYSTEM)
    brand.refresh_from_db()
    assert (brand.name, AuditEvent.objects.count()) == (name, 1)


def test_a_brand_in_use_is_not_archived():
    brand = brands.create_letter_brand(name="Crest", logo=svg(), by=SYSTEM)
    organisation = OrganisationFactory(name="Ministry", default_letter_brand=brand)
    organisation.letter_brand_pool.add(brand)
    with pytest.raises(ActionRefused, match="organisation ‘Ministry’"):
        brands.archive_brand(brand, by=SYSTEM)
    organisation.letter_brand_pool.clear()
    organisation.default_letter_brand = None
    organisation.save()
    brands.archive_brand(brand, by=SYSTEM)
    brand.refresh_from_db()
    assert brand.is_active is False
    assert brands.create_letter_brand(name="Crest", logo=svg(), by=SYSTEM).name == "Crest"


def test_others_than_staff_make_no_brands():
    with pytest.raises(PermissionRefused):
        brands.create_email_brand(name="Mine", text="Mine", by=UserFactory())
    with pytest.raises(PermissionRefused):
        brands.create_letter_brand(name="Mine", logo=svg(), by=UserFactory())


# --- Who may, and what is written ---------------------------------------------------------------------------------
DESIGNERS = (*STAFF, "designer")
NAMELESS = "Enter a name for the brand"
VERBS = [
    Verb(
        brands.create_email_brand,
        lambda cast: call(name="Crest", text="Council", logo=png()),
        DESIGNERS,
        {"+EmailBrand": 1, "history": ["email_brand.created"]},
        refused={NAMELESS: lambda cast: call(name="", text="Council")},
    ),
    Verb(
        brands.update_email_brand,
        lambda cast: call(EmailBrandFactory(name="Old", text="Council"), name="New", colour="#00ff00"),
        DESIGNERS,
        {"EmailBrand.colour": "#00ff00", "EmailBrand.name": "New", "history": ["email_brand.changed"]},
        refused={"Enter a name for the brand": lambda cast: call(EmailBrandFactory(), name="")},
    ),
    Verb(
        brands.create_letter_brand,
        lambda cast: call(name="Crest", logo=svg()),
        DESIGNERS,
        {"+LetterBrand": 1, "history": ["letter_brand.created"]},
        refused={NAMELESS: lambda cast: call(name="", logo=svg())},
    ),
    Verb(
        brands.update_letter_brand,
        lambda cast: call(LetterBrandFactory(name="Old"), name="New"),
        DESIGNERS,
        {"LetterBrand.name": "New", "history": ["letter_brand.changed"]},
        refused={NAMELESS: lambda cast: call(LetterBrandFactory(), name="")},
    ),
    Verb(
        brands.archive_brand,
        lambda cast: call(EmailBrandFactory()),
        DESIGNERS,
        {"EmailBrand.is_active": False, "EmailBrand.name": ANY, "history": ["email_brand.archived"]},
        case="email",
        refused={"This brand is still used by organisation ‘Council’": lambda cast: call(in_use())},
    ),
    Verb(
        brands.archive_brand,
        lambda cast: call(LetterBrandFactory()),
        DESIGNERS,
        {"LetterBrand.is_active": False, "LetterBrand.name": ANY, "history": ["letter_brand.archived"]},
        case="letter",
    ),
]
# For a caller who has checked its own permission.
UNGUARDED = [
    Verb(
        brands.make_email_brand,
        lambda cast: call(name="Crest", text="Council"),
        ("system", "outsider"),
        {"+EmailBrand": 1, "history": ["email_brand.created"]},
        left_out=PlatformCast.PEOPLE,
        refused={NAMELESS: lambda cast: call(name="", text="Council")},
    ),
    Verb(
        brands.make_letter_brand,
        lambda cast: call(name="Crest", logo=svg()),
        ("system", "outsider"),
        {"+LetterBrand": 1, "history": ["letter_brand.created"]},
        left_out=PlatformCast.PEOPLE,
        refused={NAMELESS: lambda cast: call(name="", logo=svg())},
    ),
]


def in_use():
    brand = EmailBrandFactory()
    OrganisationFactory(name="Council").email_brand_pool.add(brand)
    return brand


test_allowed, test_forbidden, test_refused, test_atomic = suite_of(PlatformCast, VERBS)
test_making, _, test_making_refused, test_making_atomic = suite_of(PlatformCast, UNGUARDED)


def test_uses_of_a_brand_name_what_holds_it():
    brand = in_use()
    ServiceFactory(name="Bins", email_brand=brand)
    ServiceFactory(email_brand=brand, archived_at="2026-01-01T00:00:00Z")
    assert brands.uses_of(brand) == ["organisation ‘Council’", "service ‘Bins’"]
    assert brands.uses_of(EmailBrandFactory()) == []
