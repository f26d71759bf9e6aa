"""Signing the agreement from a service's side."""

from functools import cached_property
from unittest.mock import ANY

import pytest

from notify.lib.refusals import ActionRefused, PermissionRefused
from organisations.agreement import CURRENT
from services.actions.agreement import add_surgery, choose_trust, sign_agreement
from services.permissions import MANAGE_SERVICE
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.services import ServiceFactory, join
from tests.helpers.cast import TEAM, ServiceCast
from tests.helpers.verbs import Verb, call, suite_of

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


def test_without_an_organisation_nobody_signs():
    service, manager = with_manager(organisation=None)
    with pytest.raises(ActionRefused, match="Your service does not belong to an organisation yet"):
        sign_agreement(service, version="1.0", by=manager)


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


# --- Who may, and what is written ---------------------------------------------------------------------------------
class LooseCast(ServiceCast):
    """A service that belongs to no organisation yet."""

    kind = "nhs_gp"

    @cached_property
    def service(self):
        return ServiceFactory(name="Surgery", organisation=None, organisation_type=self.kind, crown=False)


class TrustCast(LooseCast):
    kind = "nhs_local"


class UnsignedCast(ServiceCast):
    @cached_property
    def organisation(self):
        return OrganisationFactory(name="Department for Example", agreement_signed=False)


def trust(kind="nhs_local"):
    return OrganisationFactory(name="A trust", organisation_type=kind, crown=False)


NOT_A_TRUST = "Select an NHS trust or integrated care board"
SIGNING = [
    # Only people sign.
    Verb(
        sign_agreement,
        lambda cast: call(cast.service, version=CURRENT.number),
        ("manager", "staff", "superuser"),
        {
            "Organisation.agreement_signed": True,
            "Organisation.agreement_signed_at": ANY,
            "Organisation.agreement_signed_by_id": ANY,
            "Organisation.agreement_signed_version": "1.0",
            "history": ["organisation.agreement_accepted"],
        },
        refused={
            "Enter a public sector email address": lambda cast: call(
                cast.service, version=CURRENT.number, on_behalf_of_name="Jo", on_behalf_of_email="jo@example.com"
            )
        },
    ),
]
SURGERIES = [
    Verb(
        add_surgery,
        lambda cast: call(cast.service, name="Dr Example"),
        TEAM,
        {
            "+Organisation": 1,
            "+Organisation_email_brand_pool": 1,
            "Service.email_brand_id": ANY,
            "Service.organisation_id": ANY,
            "history": ["organisation.created", "service.organisation_changed"],
        },
        refused={"Enter the name of the organisation": lambda cast: call(cast.service, name=" ")},
    ),
]
TRUSTS = [
    Verb(
        choose_trust,
        lambda cast: call(cast.service, organisation=trust()),
        TEAM,
        {"Service.organisation_id": ANY, "history": ["service.organisation_changed"]},
        refused={NOT_A_TRUST: lambda cast: call(cast.service, organisation=trust("local"))},
    ),
]
test_who_signs, test_who_does_not, test_signing_refused, test_signing_atomic = suite_of(UnsignedCast, SIGNING)
test_who_adds, test_who_does_not_add, test_adding_refused, test_adding_atomic = suite_of(LooseCast, SURGERIES)
test_who_chooses, test_who_does_not_choose, test_choosing_refused, test_choosing_atomic = suite_of(TrustCast, TRUSTS)
