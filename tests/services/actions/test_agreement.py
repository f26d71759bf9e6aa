"""Signing the agreement from a service's side."""

import pytest

from notify.lib.refusals import ActionRefused, PermissionRefused
from services.actions.agreement import add_surgery, choose_trust, sign_agreement
from services.permissions import MANAGE_SERVICE
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.services import ServiceFactory, join

pytestmark = pytest.mark.django_db


def with_manager(**fields):
    service = ServiceFactory(**fields)
    return service, join(service, UserFactory(), MANAGE_SERVICE)


def test_a_manager_signs_for_the_organisation():
    service, manager = with_manager(organisation=OrganisationFactory(agreement_signed=False))
    signed = sign_agreement(
        service, version="1.0", on_behalf_of_name="Bo", on_behalf_of_email="bo@department.gov.uk", by=manager
    )
    assert (signed.agreement_signed, signed.agreement_signed_by, signed.agreement_on_behalf_of_name) == (True, manager, "Bo")


def test_who_and_what_is_refused(member, outsider):
    service, manager = with_manager(organisation=OrganisationFactory(agreement_signed=False))
    contractor = join(service, UserFactory(email="con@tractor.example"), MANAGE_SERVICE)
    for person in (member, outsider, contractor):
        with pytest.raises(PermissionRefused):
            sign_agreement(service, version="1.0", by=person)
    for words in (
        {"version": "9.9"},
        {"version": "1.0", "on_behalf_of_name": "Bo", "on_behalf_of_email": "bo@company.example"},
    ):
        with pytest.raises(ActionRefused):
            sign_agreement(service, by=manager, **words)
    service.organisation.refresh_from_db()
    assert service.organisation.agreement_signed is False


def test_a_surgery_names_itself():
    service, manager = with_manager(organisation=None, organisation_type="nhs_gp")
    linked = add_surgery(service, name="Dr Foster", by=manager)
    organisation = linked.organisation
    assert (organisation.name, organisation.crown, organisation.agreement_signed) == ("Dr Foster", False, False)
    with pytest.raises(ActionRefused):
        add_surgery(linked, name="Another", by=manager)


def test_other_services_name_nothing():
    service, manager = with_manager(organisation=None)
    trust = OrganisationFactory(organisation_type="nhs_local")
    with pytest.raises(ActionRefused):
        add_surgery(service, name="Dr Foster", by=manager)
    with pytest.raises(ActionRefused):
        choose_trust(service, organisation=trust, by=manager)


def test_a_service_of_the_local_nhs_chooses_its_trust():
    service, manager = with_manager(organisation=None, organisation_type="nhs_local")
    with pytest.raises(ActionRefused):
        choose_trust(service, organisation=OrganisationFactory(), by=manager)
    trust = OrganisationFactory(organisation_type="nhs_local")
    assert choose_trust(service, organisation=trust, by=manager).organisation == trust
