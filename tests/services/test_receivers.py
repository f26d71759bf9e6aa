import pytest

from audit.models import AuditEvent
from audit.record import SYSTEM
from organisations.actions import brands, organisations
from tests.factories.branding import EmailBrandFactory, LetterBrandFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.services import ServiceFactory

pytestmark = pytest.mark.django_db


def service_of(organisation, number=1, **fields):
    fields = {"organisation_type": "central", "crown": True} | fields
    return ServiceFactory(name=f"S {number}", organisation=organisation, **fields)


def test_services_follow_the_type_and_the_crown_status_of_their_organisation():
    organisation = OrganisationFactory(organisation_type="central", crown=True)
    mine, other = service_of(organisation), service_of(None, 2)
    organisations.update_organisation(organisation, by=SYSTEM, organisation_type="local")
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.organisation_type, mine.crown) == ("local", False)
    assert (other.organisation_type, other.crown) == ("central", True)
    assert AuditEvent.objects.filter(service_id=mine.pk).get().name == "service.setting_changed"


def test_a_default_brand_reaches_only_services_without_one():
    organisation = OrganisationFactory()
    own, default = EmailBrandFactory(), EmailBrandFactory()
    plain, branded = service_of(organisation), service_of(organisation, 2, email_brand=own)
    brands.set_default(organisation, "email", default, by=SYSTEM)
    letter = LetterBrandFactory()
    brands.set_default(organisation, "letter", letter, by=SYSTEM)
    plain.refresh_from_db()
    branded.refresh_from_db()
    assert (plain.email_brand, branded.email_brand) == (default, own)
    assert plain.letter_brand == branded.letter_brand == letter


def test_other_changes_leave_services_alone():
    organisation = OrganisationFactory()
    service = service_of(organisation)
    organisations.update_organisation(organisation, by=SYSTEM, notes="x")
    organisations.set_domains(organisation, domains=["a.gov.uk"], by=SYSTEM)
    assert not AuditEvent.objects.filter(service_id=service.pk).exists()
