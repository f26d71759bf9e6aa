import time

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from audit.models import AuditEvent
from audit.record import SYSTEM
from notify import admin_groups
from notify.lib import back_office, clock
from organisations.slots import ServiceUsage
from services.actions import lifecycle
from services.models import Allowance, ProtectedSenderName, TypeDefaults
from services.queries.senders import is_protected
from services.slots import checklist
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.services import ServiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def nothing_outstanding(monkeypatch):
    monkeypatch.setattr(checklist, "checklist_items", [])


@pytest.fixture
def service():
    organisation = OrganisationFactory(name="Ministry", request_to_go_live_notes="Ask Jo first")
    return ServiceFactory(name="Bins", organisation=organisation, volume_email=1000, sender="BINS")


@pytest.fixture
def pending(service, nothing_outstanding):
    return lifecycle.request_go_live(service, by=UserFactory(is_superuser=True, is_staff=True))


def staff_in(group):
    person = UserFactory(is_staff=True)
    person.groups.add(Group.objects.get(name=group))
    return person


def client_of(person, *, fresh=True):
    person.set_password("a long password")
    person.save()
    client = Client()
    client.force_login(person)
    if fresh:
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
        session["account_authentication_methods_user"] = str(person.pk)
        session.save()
    return client


@pytest.fixture
def admin_client():
    return client_of(staff_in(admin_groups.PLATFORM_ADMIN))


def do(service, slug):
    return reverse("admin:services_service_do", args=[service.pk, slug])


def page(service):
    return reverse("admin:services_service_change", args=[service.pk])


def test_the_queue_shows_the_oldest_request_first(admin_client, service, pending):
    later = ServiceFactory(name="Parks", organisation=None, organisation_type="local")
    lifecycle.request_go_live(later, by=UserFactory(is_superuser=True, is_staff=True))
    response = admin_client.get(reverse("admin:services_service_changelist"), {"standing": "waiting"})
    assert [row.name for row in response.context["cl"].result_list] == ["Bins", "Parks"]
    (waiting, *_) = [w for w in admin_client.get("/admin/").context["waiting"] if w.label == "go-live requests"]
    assert (waiting.count, waiting.oldest) == (2, pending.go_live_requested_at)


def test_a_request_is_shown_with_everything_that_decides_it(admin_client, pending):
    text = admin_client.get(page(pending)).content.decode()
    for words in ("Ministry", "1,000 emails", "Ask Jo first", "Approve: make it live", "Reject the go-live request"):
        assert words in text


def test_a_reviewer_approves(pending):
    reviewer = staff_in(admin_groups.GO_LIVE_REVIEWER)
    response = client_of(reviewer).post(do(pending, "approve"))
    assert response.headers["Location"] == page(pending)
    pending.refresh_from_db()
    assert pending.state == "live"
    assert AuditEvent.objects.get(name="service.went_live").actor == reviewer


def test_a_sensitive_button_asks_again_who_one_is(pending):
    client = client_of(staff_in(admin_groups.GO_LIVE_REVIEWER), fresh=False)
    response = client.post(do(pending, "approve"))
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))
    pending.refresh_from_db()
    assert pending.state == "pending"


def test_what_is_outstanding_stands_above_the_button_and_refuses(admin_client, service, monkeypatch, pending):
    item = checklist.ChecklistItem("name", "Confirm your name", "services:go-live", lambda s: checklist.ItemState.TODO)
    monkeypatch.setattr(checklist, "checklist_items", [item])
    assert "Not done yet: Confirm your name" in admin_client.get(do(pending, "approve")).content.decode()
    response = admin_client.post(do(pending, "approve"))
    assert response.status_code == 422
    pending.refresh_from_db()
    assert pending.state == "pending"


def test_a_rejection_needs_a_reason(admin_client, pending):
    assert admin_client.post(do(pending, "reject"), {"reason": ""}).status_code == 422
    admin_client.post(do(pending, "reject"), {"reason": "Too many messages"})
    pending.refresh_from_db()
    assert (pending.state, pending.go_live_rejection_reason) == ("trial", "Too many messages")


def test_nobody_answers_their_own_request(service, nothing_outstanding):
    reviewer = staff_in(admin_groups.PLATFORM_ADMIN)
    lifecycle.request_go_live(service, by=reviewer)
    response = client_of(reviewer).post(do(service, "approve"))
    assert response.status_code == 422
    assert "Somebody else has to answer" in response.content.decode()


@pytest.mark.parametrize("slug", ["approve", "reject", "limits", "suspend", "archive", "link", "permissions", "act"])
def test_support_only_reads(service, slug):
    client = client_of(staff_in(admin_groups.SUPPORT))
    assert client.get(page(service)).status_code == 200
    assert client.post(do(service, slug), {"reason": "x"}).status_code == 403


@pytest.mark.parametrize("group", [admin_groups.GO_LIVE_REVIEWER, admin_groups.DESIGNER])
def test_reviewers_and_designers_do_only_their_part(service, group):
    client = client_of(staff_in(group))
    for slug in ("limits", "suspend", "archive", "link"):
        assert client.post(do(service, slug), {"reason": "x"}).status_code == 403


def test_suspending_resuming_archiving_restoring(admin_client, service):
    for slug, data, field, is_set in (
        ("suspend", {"reason": "Abuse"}, "suspended_at", True),
        ("resume", {}, "suspended_at", False),
        ("archive", {}, "archived_at", True),
        ("restore", {}, "archived_at", False),
    ):
        assert admin_client.post(do(service, slug), data).status_code == 302
        service.refresh_from_db()
        assert (getattr(service, field) is not None) is is_set


def test_limits_allowance_rate_and_permissions(admin_client, service):
    admin_client.post(do(service, "limits"), {"email": "5", "sms": "", "letter": "", "international_sms": "0"})
    admin_client.post(do(service, "allowance"), {"free_sms_fragments": "7000"})
    admin_client.post(do(service, "rate"), {"rate_limit_per_minute": "10"})
    admin_client.post(do(service, "permissions"), {"permissions": ["email", "inbound_sms"]})
    admin_client.post(do(service, "notes"), {"notes": "Kind people"})
    service.refresh_from_db()
    limits = (service.email_limit_override, service.sms_limit_override, service.international_sms_limit_override)
    assert limits == (5, None, 0)
    assert (service.rate_limit_per_minute, service.permissions, service.notes) == (10, ["email", "inbound_sms"], "Kind people")
    assert Allowance.objects.get().free_sms_fragments == 7000
    assert AuditEvent.objects.filter(service_id=service.pk, name="service.permission_added").get().data["permission"]
    assert admin_client.post(do(service, "limits"), {"email": "-1"}).status_code == 422
    assert admin_client.post(do(service, "limits"), {"email": "9" * 30}).status_code == 422


def test_linking_takes_over_from_the_organisation_and_ends_a_request(admin_client, pending):
    council = OrganisationFactory(organisation_type="local", crown=False)
    admin_client.post(do(pending, "link"), {"organisation": council.pk})
    pending.refresh_from_db()
    assert (pending.organisation, pending.organisation_type, pending.crown, pending.state) == (council, "local", False, "trial")


def test_protected_names_see_through_spaces_capitals_and_look_alikes(admin_client):
    admin_client.post(reverse("admin:services_protectedsendername_do_new", args=["add"]), {"name": "hmrc 1"})
    assert ProtectedSenderName.objects.get().name == "HMRCI"
    assert [is_protected(name) for name in ("HMRC1", "h m r c i", "HMRC")] == [True, True, False]
    gone = reverse("admin:services_protectedsendername_do", args=["HMRCI", "remove"])
    assert admin_client.post(gone).status_code == 302
    assert is_protected("HMRC1") is False


def test_the_settings_table_is_changed_by_staff(admin_client):
    row = TypeDefaults.objects.get(organisation_type="local")
    address = reverse("admin:services_typedefaults_do", args=["local", "change"])
    data = admin_client.get(address).context["form"].initial | {"live_sms": 1234}
    assert admin_client.post(address, data).status_code == 302
    row.refresh_from_db()
    assert row.live_sms == 1234
    assert AuditEvent.objects.get(name="type_defaults.changed").data["changes"] == {"live_sms": [250_000, 1234]}


def test_the_report_lists_live_services_with_what_they_sent(monkeypatch, service, nothing_outstanding):
    requester = UserFactory(name="Jo", is_superuser=True, is_staff=True)
    lifecycle.request_go_live(service, by=requester)
    lifecycle.approve_go_live(service, by=SYSTEM)
    rows = list(back_office.reports.get("live-services").rows())
    today = clock.now().date().isoformat()
    assert len(rows) == 2
    assert rows[1][:7] == ("Ministry", "Central government", "Bins", str(service.pk), "Jo", requester.email, today)
    assert rows[1][10] == ServiceUsage().emails


def test_looking_into_a_service_starts_a_session(service):
    client = client_of(staff_in(admin_groups.SUPPORT))
    assert client.post(do(service, "look"), {"reason": "Ticket"}).headers["Location"] == f"/services/{service.pk}"
    assert client.post(do(service, "look"), {"reason": ""}).status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_many_services_as_for_one(admin_client, count, django_assert_max_num_queries):
    for number in range(count):
        ServiceFactory(name=f"S{number}", organisation_type="local")
    address = reverse("admin:services_service_changelist")
    admin_client.get(address)
    with django_assert_max_num_queries(14):
        assert admin_client.get(address).status_code == 200
