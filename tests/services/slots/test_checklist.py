"""Every item of the checklist, by kind of service and by what it means to send."""

import pytest

from services.enums import ServicePermission
from services.models import SmsSender
from services.permissions import MANAGE_SERVICE
from services.slots import checklist
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.services import InvitationFactory, ServiceFactory, add_reply_to, add_template, join, make_ready

pytestmark = pytest.mark.django_db


def states(service):
    return {each.item.slug: each.state.name for each in checklist.items(service)}


def outstanding(service):
    return [item.slug for item in checklist.blockers(service)]


def test_a_fresh_service_has_everything_to_do():
    assert states(ServiceFactory()) == {
        "name": "TODO",
        "volumes": "TODO",
        "team": "TODO",
        "templates": "TODO",
        "agreement": "DONE",
    }


def test_a_ready_service_has_nothing_to_do():
    assert outstanding(make_ready(ServiceFactory())) == []


def test_two_managers_with_public_addresses_are_needed_and_invitations_do_not_count():
    service = make_ready(ServiceFactory())
    service.memberships.first().delete()
    join(service, UserFactory(email="con@tractor.example"), MANAGE_SERVICE)
    InvitationFactory(service=service, permissions=[MANAGE_SERVICE])
    assert outstanding(service) == ["team"]


def test_emailing_needs_a_sender_name_and_a_confirmed_reply_to():
    service = make_ready(ServiceFactory())
    service.volume_email = 10
    service.save()
    assert outstanding(service) == ["sender-name", "reply-to"]
    service.confirmed_email_sender_name = True
    add_reply_to(service)
    assert outstanding(service) == []


def test_the_last_email_template_without_an_estimate_takes_the_email_items_away():
    service = make_ready(ServiceFactory())
    template = add_template(service, "email")
    assert outstanding(service) == ["sender-name", "reply-to"]
    template.delete()
    assert outstanding(service) == []


@pytest.mark.parametrize("kind", ["local", "nhs_central", "nhs_local", "emergency_service", "school_or_college", "other"])
def test_only_central_government_texts_as_govuk(kind):
    service = make_ready(ServiceFactory(organisation_type=kind))
    assert outstanding(service) == ["sms-sender"]
    SmsSender.objects.filter(service=service).update(name="BINS")
    assert outstanding(service) == []


def test_no_texts_need_no_sender():
    service = make_ready(ServiceFactory(organisation_type="local"))
    service.volume_sms, service.volume_letter = 0, 5
    service.save()
    assert outstanding(service) == []


def test_templates_of_a_channel_that_is_off_do_not_count():
    service = make_ready(ServiceFactory())
    service.permissions = [p for p in service.permissions if p != ServicePermission.SMS]
    assert outstanding(service) == ["templates"]


@pytest.mark.parametrize(
    ("organisation", "kind", "expected"),
    [
        ({"agreement_signed": True}, "central", "DONE"),
        ({"agreement_signed": False}, "central", "TODO"),
        ({"agreement_signed": None}, "central", None),
        (None, "central", None),
        (None, "nhs_gp", "TODO"),
        (None, "nhs_local", "TODO"),
    ],
)
def test_the_agreement_by_organisation_and_kind(organisation, kind, expected):
    made = OrganisationFactory(**organisation) if organisation else None
    assert states(ServiceFactory(organisation=made, organisation_type=kind)).get("agreement") == expected
