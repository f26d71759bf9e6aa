from unittest.mock import ANY

import pytest
from django.contrib.auth.models import Group
from django.core.files.storage import default_storage

from audit.models import AuditEvent
from audit.record import SYSTEM
from branding.models import EmailBrand
from notify import admin_groups
from notify.lib import clock
from notify.lib.refusals import ActionRefused, PermissionRefused
from services.actions import branding
from services.permissions import MANAGE_SERVICE
from tests.branding.test_logos import png, svg
from tests.factories.accounts import UserFactory
from tests.factories.branding import EmailBrandFactory, LetterBrandFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.services import BrandRequestFactory, LiveServiceFactory, ServiceFactory, join
from tests.helpers.cast import STAFF, TEAM, ServiceCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    organisation = OrganisationFactory(name="Council", organisation_type="local", crown=False)
    return ServiceFactory(name="Bins", organisation=organisation, organisation_type="local")


@pytest.fixture
def manager(service):
    return join(service, UserFactory(), MANAGE_SERVICE)


@pytest.fixture
def designer():
    person = UserFactory(is_staff=True)
    person.groups.add(Group.objects.get(name=admin_groups.DESIGNER))
    return person


def test_a_team_chooses_from_the_pool(service, manager):
    brand = EmailBrandFactory()
    service.organisation.email_brand_pool.add(brand)
    assert branding.choose_brand(service, "email", str(brand.pk), by=manager).email_brand == brand
    event = AuditEvent.objects.get()
    assert (event.name, event.actor, event.service_id) == ("service.brand_changed", manager, service.pk)


@pytest.mark.parametrize("key", ["govuk", "govuk_and_org", "organisation", "else", "", "x", "foreign"])
def test_a_team_chooses_nothing_that_it_is_not_offered(service, manager, key):
    key = str(EmailBrandFactory().pk) if key == "foreign" else key
    with pytest.raises(ActionRefused):
        branding.choose_brand(service, "email", key, by=manager)
    service.refresh_from_db()
    assert service.email_brand is None


def test_an_uploaded_logo_becomes_the_services_brand_and_joins_the_pool(service, manager):
    brand = branding.upload_email_brand(service, logo=png(), alt_text="Council", is_organisations_own=True, by=manager)
    service.refresh_from_db()
    assert service.email_brand == brand
    assert list(service.organisation.email_brand_pool.all()) == [brand]
    assert service.organisation.default_email_brand == brand
    assert (brand.alt_text, brand.logo_width, brand.logo_height) == ("Council", 300, 150)
    assert default_storage.exists(brand.logo.name)
    again = branding.upload_email_brand(service, logo=png(), alt_text="Council", by=manager)
    assert again.name == "Council (2)"


def test_it_does_not_become_the_default_while_another_service_is_live(service, manager):
    LiveServiceFactory(organisation=service.organisation, organisation_type="local")
    branding.upload_email_brand(service, logo=png(), alt_text="Council", is_organisations_own=True, by=manager)
    service.organisation.refresh_from_db()
    assert service.organisation.default_email_brand is None


def test_it_does_not_replace_the_organisations_default(service, manager):
    default = EmailBrandFactory()
    service.organisation.default_email_brand = default
    service.organisation.save()
    branding.upload_email_brand(service, logo=png(), alt_text="Council", is_organisations_own=True, by=manager)
    service.organisation.refresh_from_db()
    assert service.organisation.default_email_brand == default


def test_without_an_organisation_the_brand_is_the_services_alone():
    service = ServiceFactory(name="Parks", organisation=None, organisation_type="local")
    brand = branding.upload_email_brand(service, logo=png(), alt_text="Parks", is_organisations_own=True, by=SYSTEM)
    service.refresh_from_db()
    assert service.email_brand == brand
    assert set(AuditEvent.objects.values_list("name", flat=True)) == {"email_brand.created", "service.brand_changed"}


@pytest.mark.parametrize("style", ["both", "org_banner", "nonsense"])
def test_an_illegal_style_saves_nothing(service, manager, style):
    with pytest.raises(ActionRefused):
        branding.upload_email_brand(service, logo=png(), alt_text="Council", style=style, by=manager)
    assert not EmailBrand.objects.filter(alt_text="Council").exists()


@pytest.mark.parametrize("alt_text", ["", "Our logo", "  "])
def test_a_logo_needs_a_description_without_the_word_logo(service, manager, alt_text):
    with pytest.raises(ActionRefused):
        branding.upload_email_brand(service, logo=png(), alt_text=alt_text, by=manager)


def test_a_logo_that_cannot_be_seen_is_refused(service, manager):
    white = png(colour=(255, 255, 255, 255))
    with pytest.raises(ActionRefused, match="cannot be seen"):
        branding.upload_email_brand(service, logo=white, alt_text="Council", by=manager)
    brand = branding.upload_email_brand(
        service, logo=white, alt_text="Council", style="org_banner", colour="#003078", by=manager
    )
    assert brand.colour == "#003078"


def test_a_letter_logo_is_kept_as_clean_svg_with_a_picture(service, manager):
    brand = branding.upload_letter_brand(service, name="Crest", logo=svg(), by=manager)
    service.refresh_from_db()
    assert service.letter_brand == brand
    assert brand.logo.read().startswith(b"<?xml")
    assert brand.preview.read().startswith(b"\x89PNG")
    with pytest.raises(ActionRefused, match="already a brand"):
        branding.upload_letter_brand(service, name="crest", logo=svg(), by=manager)


def test_people_without_the_right_change_nothing(service):
    stranger = UserFactory()
    for attempt in (
        lambda: branding.choose_brand(service, "email", "govuk", by=stranger),
        lambda: branding.upload_email_brand(service, logo=png(), alt_text="x", by=stranger),
        lambda: branding.upload_letter_brand(service, name="x", logo=svg(), by=stranger),
        lambda: branding.request_brand(service, "email", text="x", by=stranger),
        lambda: branding.set_brand(service, "email", None, by=stranger),
    ):
        with pytest.raises(PermissionRefused):
            attempt()
    assert not AuditEvent.objects.exists()


def test_a_wish_waits_for_a_designer(service, manager, designer):
    request = branding.request_brand(service, "letter", text=" Our crest ", by=manager)
    assert (request.text, request.requested_by, request.answered_at) == ("Our crest", manager, None)
    with pytest.raises(PermissionRefused):
        branding.answer_brand_request(request, answer="x", by=manager)
    assert branding.answer_brand_request(request, answer="Made it", by=designer).answered_by == designer
    with pytest.raises(ActionRefused, match="already been answered"):
        branding.answer_brand_request(request, answer="Again", by=designer)
    with pytest.raises(ActionRefused):
        branding.request_brand(service, "letter", text=" ", by=manager)


def test_staff_set_any_brand_but_the_government_one_outside_central_government(service, designer):
    brand, letter = EmailBrandFactory(), LetterBrandFactory()
    assert branding.set_brand(service, "email", brand, by=designer).email_brand == brand
    assert branding.set_brand(service, "letter", letter, by=designer).letter_brand == letter
    assert branding.set_brand(service, "letter", None, by=designer).letter_brand is None
    with pytest.raises(ActionRefused, match="Only central government"):
        branding.set_brand(service, "email", None, by=designer)
    with pytest.raises(ActionRefused, match="archived"):
        branding.set_brand(service, "email", EmailBrandFactory(is_active=False), by=SYSTEM)


# --- Who may, and what is written ---------------------------------------------------------------------------------
def offered(cast):
    brand = EmailBrandFactory(name="Crest")
    cast.organisation.email_brand_pool.add(brand)
    return call(cast.service, "email", str(brand.pk))


NOT_OFFERED = "Choose one of the brands that your service may use"
VERBS = [
    Verb(
        branding.choose_brand,
        offered,
        TEAM,
        {"Service.email_brand_id": ANY, "history": ["service.brand_changed"]},
        refused={NOT_OFFERED: lambda cast: call(cast.service, "email", "nothing")},
    ),
    Verb(
        branding.upload_email_brand,
        lambda cast: call(cast.service, logo=png(), alt_text="Crest"),
        TEAM,
        {
            "+EmailBrand": 1,
            "+Organisation_email_brand_pool": 1,
            "Service.email_brand_id": ANY,
            "history": ["email_brand.created", "organisation.brand_added", "service.brand_changed"],
        },
        refused={"Enter a name for the brand": lambda cast: call(cast.service, logo=png(), alt_text="")},
    ),
    Verb(
        branding.upload_letter_brand,
        lambda cast: call(cast.service, name="Crest", logo=svg()),
        TEAM,
        {
            "+LetterBrand": 1,
            "+Organisation_letter_brand_pool": 1,
            "Service.letter_brand_id": ANY,
            "history": ["letter_brand.created", "organisation.brand_added", "service.brand_changed"],
        },
        refused={"Enter a name for the brand": lambda cast: call(cast.service, name="", logo=svg())},
    ),
    Verb(
        branding.request_brand,
        lambda cast: call(cast.service, "email", text="A crest"),
        TEAM,
        {"+BrandRequest": 1, "history": ["brand_request.made"]},
        refused={
            "Describe the branding you want": lambda cast: call(cast.service, "email", text=" "),
            "The description must be 5,000 characters or fewer": lambda cast: call(cast.service, "email", text="x" * 5001),
        },
    ),
    Verb(
        branding.answer_brand_request,
        lambda cast: call(BrandRequestFactory(service=cast.service), answer="Done"),
        (*STAFF, "designer"),
        {
            "BrandRequest.answer": "Done",
            "BrandRequest.answered_at": ANY,
            "BrandRequest.answered_by_id": ANY,
            "history": ["brand_request.answered"],
        },
        refused={
            "This request has already been answered": lambda cast: call(
                BrandRequestFactory(answered_at=clock.now()), answer="Done"
            )
        },
    ),
    Verb(
        branding.set_brand,
        lambda cast: call(cast.service, "email", EmailBrandFactory(name="Crest")),
        (*STAFF, "designer"),
        {"Service.email_brand_id": ANY, "history": ["service.brand_changed"]},
        refused={"This brand is archived": lambda cast: call(cast.service, "email", EmailBrandFactory(is_active=False))},
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(ServiceCast, VERBS)
