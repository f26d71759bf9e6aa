import pytest

from services.models import Service
from services.queries import brand_choices
from tests.factories.branding import EmailBrandFactory, LetterBrandFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.services import ServiceFactory

pytestmark = pytest.mark.django_db


def service_of(organisation_type="central", organisation=None, **fields):
    return ServiceFactory(name="Bins", organisation_type=organisation_type, organisation=organisation, **fields)


def labels(service, kind="email"):
    return [choice.label for choice in brand_choices.choices(service, kind)]


def test_central_government_without_an_organisation_keeps_or_regains_the_government_brand():
    assert labels(service_of()) == ["Something else"]
    service = Service.objects.get()
    service.email_brand = EmailBrandFactory()
    assert labels(service) == ["Government brand", "Something else"]


def test_central_government_with_an_organisation_may_combine_both():
    organisation = OrganisationFactory(name="Ministry")
    service = service_of(organisation=organisation)
    assert labels(service) == ["Government brand and Ministry", "Ministry", "Something else"]


def test_the_pool_takes_the_place_of_the_organisations_name():
    organisation = OrganisationFactory(name="Ministry")
    used, offered = EmailBrandFactory(name="Used"), EmailBrandFactory(name="Offered")
    organisation.email_brand_pool.add(used, offered, EmailBrandFactory(name="Old", is_active=False))
    service = service_of(organisation=organisation, email_brand=used)
    assert labels(service) == ["Government brand", "Government brand and Ministry", "Offered", "Something else"]


def test_the_government_brand_ends_where_the_organisation_has_a_default():
    brand = EmailBrandFactory(name="Ministry brand")
    organisation = OrganisationFactory(name="Ministry", default_email_brand=brand)
    organisation.email_brand_pool.add(brand)
    service = service_of(organisation=organisation, email_brand=EmailBrandFactory())
    assert labels(service) == ["Government brand and Ministry", "Ministry brand", "Something else"]


@pytest.mark.parametrize("kind", ["local", "other", "school_or_college", "emergency_service", "nhs_local"])
def test_nobody_else_is_offered_the_government_brand(kind):
    service = service_of(kind, OrganisationFactory(organisation_type=kind), email_brand=EmailBrandFactory())
    keys = [choice.key for choice in brand_choices.choices(service, "email")]
    assert brand_choices.GOVERNMENT not in keys
    assert brand_choices.GOVERNMENT_AND_ORGANISATION not in keys
    assert brand_choice_of(service, brand_choices.GOVERNMENT) is None


def brand_choice_of(service, key):
    return brand_choices.choice(service, "email", key)


def test_the_nhs_brand_is_for_the_nhs():
    assert labels(service_of("nhs_gp", email_brand=EmailBrandFactory())) == ["NHS", "Something else"]


def test_letters_have_the_pool_or_the_organisations_name():
    organisation = OrganisationFactory(name="Ministry")
    service = service_of(organisation=organisation)
    assert labels(service, "letter") == ["Ministry", "Something else"]
    organisation.letter_brand_pool.add(LetterBrandFactory(name="Crest"))
    assert labels(service, "letter") == ["Crest", "Something else"]
