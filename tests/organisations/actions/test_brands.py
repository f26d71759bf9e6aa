from unittest.mock import ANY

import pytest

from audit.record import SYSTEM
from notify.lib.refusals import ActionRefused, PermissionRefused
from organisations.actions import brands
from tests.factories.branding import EmailBrandFactory, LetterBrandFactory
from tests.factories.organisations import OrganisationFactory
from tests.helpers.cast import STAFF, OrganisationCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


def test_a_default_brand_joins_the_pool(organisation, platform_admin):
    brand = LetterBrandFactory()
    brands.set_default(organisation, "letter", brand, by=platform_admin)
    organisation.refresh_from_db()
    assert organisation.default_letter_brand == brand
    assert list(organisation.letter_brand_pool.all()) == [brand]


def test_only_central_government_returns_to_the_government_brand(organisation):
    brands.set_default(organisation, "email", None, by=SYSTEM)
    with pytest.raises(ActionRefused, match="Only central government"):
        brands.set_default(OrganisationFactory(organisation_type="local"), "email", None, by=SYSTEM)


def test_an_archived_brand_cannot_be_offered(organisation):
    with pytest.raises(ActionRefused, match="archived"):
        brands.add_to_pool(organisation, EmailBrandFactory(is_active=False), by=SYSTEM)
    assert not organisation.email_brand_pool.exists()


def test_the_default_brand_stays_in_the_pool(organisation):
    brand, other = EmailBrandFactory(), EmailBrandFactory()
    brands.set_default(organisation, "email", brand, by=SYSTEM)
    brands.add_to_pool(organisation, other, by=SYSTEM)
    with pytest.raises(ActionRefused, match="default"):
        brands.remove_from_pool(organisation, brand, by=SYSTEM)
    brands.remove_from_pool(organisation, other, by=SYSTEM)
    assert list(organisation.email_brand_pool.all()) == [brand]


def test_members_do_not_choose_brands(organisation, approver):
    with pytest.raises(PermissionRefused):
        brands.add_to_pool(organisation, EmailBrandFactory(), by=approver)


# --- Who may, and what is written ---------------------------------------------------------------------------------
def pooled(cast):
    brand = EmailBrandFactory(name="Crest")
    cast.organisation.email_brand_pool.add(brand)
    return call(cast.organisation, brand)


def is_default(cast):
    cast.organisation.default_email_brand = brand = EmailBrandFactory()
    cast.organisation.save()
    return call(cast.organisation, brand)


def council(cast):
    return call(OrganisationFactory(organisation_type="local"), "email", None)


DESIGNERS = (*STAFF, "designer")
ARCHIVED = "This brand is archived, so it cannot be offered"
ONLY_CENTRAL = "Only central government organisations can use the government brand"
VERBS = [
    Verb(
        brands.add_to_pool,
        lambda cast: call(cast.organisation, EmailBrandFactory(name="Crest")),
        DESIGNERS,
        {"+Organisation_email_brand_pool": 1, "history": ["organisation.brand_added"]},
        refused={ARCHIVED: lambda cast: call(cast.organisation, EmailBrandFactory(is_active=False))},
    ),
    Verb(
        brands.remove_from_pool,
        pooled,
        DESIGNERS,
        {"-Organisation_email_brand_pool": 1, "history": ["organisation.brand_removed"]},
        refused={"This is the default brand. Choose another default first": is_default},
    ),
    Verb(
        brands.set_default,
        lambda cast: call(cast.organisation, "letter", LetterBrandFactory(name="Crest")),
        DESIGNERS,
        {
            "+Organisation_letter_brand_pool": 1,
            "Organisation.default_letter_brand_id": ANY,
            "history": ["organisation.brand_added", "organisation.default_brand_set"],
        },
        refused={ONLY_CENTRAL: council},
    ),
]
# For a caller who has checked its own permission.
UNGUARDED = [
    Verb(
        brands.put_in_pool,
        lambda cast: call(cast.organisation, EmailBrandFactory(name="Crest")),
        ("system", "outsider"),
        {"+Organisation_email_brand_pool": 1, "history": ["organisation.brand_added"]},
        left_out=OrganisationCast.PEOPLE,
        refused={ARCHIVED: lambda cast: call(cast.organisation, EmailBrandFactory(is_active=False))},
    ),
    Verb(
        brands.put_default,
        lambda cast: call(cast.organisation, "email", EmailBrandFactory(name="Crest")),
        ("system", "outsider"),
        {
            "+Organisation_email_brand_pool": 1,
            "Organisation.default_email_brand_id": ANY,
            "history": ["organisation.brand_added", "organisation.default_brand_set"],
        },
        left_out=OrganisationCast.PEOPLE,
        refused={ONLY_CENTRAL: council},
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(OrganisationCast, VERBS)
test_putting, _, test_putting_refused, test_putting_atomic = suite_of(OrganisationCast, UNGUARDED)


def test_each_kind_of_brand_has_a_pool_and_a_default_of_its_own(organisation):
    email, letter = EmailBrandFactory(), LetterBrandFactory()
    for brand in (email, letter):
        brands.put_default(organisation, brands.kind_of(brand), brand, by=SYSTEM)
    organisation.refresh_from_db()
    assert [brands.kind_of(email), brands.kind_of(letter)] == ["email", "letter"]
    assert [list(brands.pool(organisation, kind).all()) for kind in ("email", "letter")] == [[email], [letter]]
    assert [brands.default(organisation, kind) for kind in ("email", "letter")] == [email, letter]
