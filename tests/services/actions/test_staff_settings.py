"""What only the platform's staff change at a service."""

import pytest
from django.core import mail

from accounts import guardian
from audit.models import AuditEvent
from audit.record import SYSTEM
from notify.lib.refusals import ActionRefused, PermissionRefused
from organisations.models import OrganisationMember
from organisations.permissions import MAKE_SERVICES_LIVE
from services.actions import lifecycle, staff_settings
from services.models import Service
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.services import LiveServiceFactory, PendingServiceFactory, ServiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def run_on_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def events_of(service):
    return list(AuditEvent.objects.filter(service_id=service.pk).order_by("id").values_list("name", flat=True))


def test_linking_withdraws_an_open_request_and_tells_those_who_could_have_answered_it(staff, run_on_commit):
    before, organisation = OrganisationFactory(can_approve_own_go_live_requests=True), OrganisationFactory()
    approver = UserFactory()
    OrganisationMember.objects.create(organisation=before, user=approver)
    guardian.grant(approver, MAKE_SERVICES_LIVE, before)
    service = PendingServiceFactory(name="Parking", organisation=before)
    with run_on_commit():
        linked = staff_settings.link_organisation(service, organisation=organisation, by=staff)
    assert [(each.to, each.subject) for each in mail.outbox] == [([approver.email], "Parking no longer asks to go live")]
    assert (linked.state, linked.organisation, linked.go_live_requested_at) == ("trial", organisation, None)
    assert events_of(service) == ["service.go_live_withdrawn", "service.organisation_changed"]


@pytest.mark.parametrize("factory", [ServiceFactory, LiveServiceFactory])
def test_linking_without_an_open_request_tells_nobody(factory, staff, run_on_commit):
    service, organisation = factory(), OrganisationFactory()
    with run_on_commit():
        linked = staff_settings.link_organisation(service, organisation=organisation, by=staff)
    assert (linked.state, linked.organisation, mail.outbox) == (service.state, organisation, [])
    assert events_of(service) == ["service.organisation_changed"]


def test_the_platform_itself_is_named_in_the_mail(settings, run_on_commit):
    settings.PLATFORM_NAME = "Messages for all"
    with run_on_commit():
        staff_settings.link_organisation(PendingServiceFactory(), organisation=OrganisationFactory(), by=SYSTEM)
    assert "Messages for all" in mail.outbox[0].body
    assert "object at" not in mail.outbox[0].body


def test_a_link_that_fails_leaves_the_request_open_and_tells_nobody(staff, run_on_commit, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    service = PendingServiceFactory()
    before = Service.objects.filter(pk=service.pk).values().get()
    monkeypatch.setattr(staff_settings, "record", fail)
    with run_on_commit(), pytest.raises(RuntimeError):
        staff_settings.link_organisation(service, organisation=OrganisationFactory(), by=staff)
    assert Service.objects.filter(pk=service.pk).values().get() == before
    assert (events_of(service), mail.outbox) == ([], [])


def test_linking_is_for_staff_and_not_to_an_archived_organisation(staff, manager, service):
    with pytest.raises(PermissionRefused):
        staff_settings.link_organisation(service, organisation=OrganisationFactory(), by=manager)
    gone = OrganisationFactory(archived_at="2026-01-01T00:00:00Z")
    with pytest.raises(ActionRefused):
        staff_settings.link_organisation(service, organisation=gone, by=staff)


def test_a_request_that_was_withdrawn_by_a_link_cannot_be_approved(staff):
    service = PendingServiceFactory()
    staff_settings.link_organisation(service, organisation=OrganisationFactory(), by=staff)
    with pytest.raises(ActionRefused):
        lifecycle.approve_go_live(service, by=staff)
