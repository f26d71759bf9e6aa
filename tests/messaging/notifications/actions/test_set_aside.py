import pytest
from django.urls import reverse

from audit.models import AuditEvent
from messaging.enums import Status
from messaging.notifications.actions import claim, set_aside
from messaging.notifications.actions.status import Move, move
from messaging.notifications.models import Notification, NotificationContent, SendQueue, SetAside
from notify.lib import back_office, clock
from notify.lib.refusals import ActionRefused, PermissionRefused
from tests.factories.accounts import UserFactory
from tests.factories.notifications import SetAsideFactory, send_one, status_of
from tests.factories.services import LiveServiceFactory

pytestmark = pytest.mark.django_db


def failed_and_set_aside(**fields):
    accepted = send_one(LiveServiceFactory(), **fields)
    move([Move(accepted.id, Status.TECHNICAL_FAILURE)])
    return SetAsideFactory(id=accepted.id, service_id=Notification.objects.get().service_id)


@pytest.fixture
def boss():
    return UserFactory(is_staff=True, is_superuser=True)


def test_a_crash_counts_and_the_last_one_sets_the_message_aside():
    accepted = send_one(LiveServiceFactory())
    for number in range(1, claim.MAX_CRASHES + 1):
        SendQueue.objects.update(not_before="2026-01-01T00:00Z")
        token, (row,) = claim.claim()
        set_aside.note_crash(row, token, reason="KeyError")
        assert SetAside.objects.exists() is (number == claim.MAX_CRASHES)
    assert (status_of(accepted), SendQueue.objects.exists()) == ("technical-failure", False)


def test_only_the_holder_of_the_token_sets_a_message_aside():
    send_one(LiveServiceFactory())
    SendQueue.objects.update(crashes=claim.MAX_CRASHES - 1, not_before="2026-01-01T00:00Z")
    token, (row,) = claim.claim()
    SendQueue.objects.update(claim=None)
    set_aside.note_crash(row, token, reason="KeyError")
    assert not SetAside.objects.exists()


def test_what_several_workers_died_of_is_set_aside():
    accepted = send_one(LiveServiceFactory())
    assert set_aside.set_aside_crashed() == 0
    SendQueue.objects.update(crashes=claim.MAX_CRASHES)
    assert (set_aside.set_aside_crashed(), status_of(accepted)) == (1, "technical-failure")


def test_staff_send_it_again_as_a_new_message(boss):
    row = failed_and_set_aside()
    accepted = set_aside.retry_set_aside(row, by=boss)
    assert (status_of(accepted), SetAside.objects.exists()) == ("created", False)
    event = AuditEvent.objects.get(name="notification.resent")
    assert (event.subject_id, event.data, event.actor_id) == (str(row.pk), {"as": str(accepted.id)}, boss.pk)
    with pytest.raises(ActionRefused, match="dealt with"):
        set_aside.retry_set_aside(row, by=boss)


@pytest.mark.parametrize("spoil", ["sealed", "archived", "gone", "deleted_template"])
def test_what_cannot_be_sent_again_stays_on_the_list(boss, spoil):
    row = failed_and_set_aside()
    notification = Notification.objects.get()
    match spoil:
        case "sealed":
            NotificationContent.objects.update(sealed=b"x")
        case "archived":
            type(notification.service).objects.update(archived_at=clock.now())
        case "gone":
            Notification.objects.all().delete()
        case "deleted_template":
            type(notification.template).objects.update(archived_at=clock.now())
    with pytest.raises(ActionRefused):
        set_aside.retry_set_aside(row, by=boss)
    assert SetAside.objects.exists()
    assert not AuditEvent.objects.filter(name="notification.resent").exists()


def test_staff_drop_it_with_a_reason(boss):
    row = failed_and_set_aside()
    with pytest.raises(ActionRefused):
        set_aside.drop_set_aside(row, reason=" ", by=boss)
    set_aside.drop_set_aside(row, reason="The key is lost", by=boss)
    event = AuditEvent.objects.get(name="message.dropped")
    assert (event.data, event.service_id, event.actor_id) == ({"reason": "The key is lost"}, row.service_id, boss.pk)
    assert not SetAside.objects.exists()


@pytest.mark.parametrize("act", [set_aside.retry_set_aside, lambda row, by: set_aside.drop_set_aside(row, reason="x", by=by)])
def test_only_staff_decide(act):
    row = failed_and_set_aside()
    with pytest.raises(PermissionRefused):
        act(row, by=UserFactory())
    assert SetAside.objects.exists()


def test_the_back_office_shows_it_with_its_buttons(client_for, boss):
    row = failed_and_set_aside()
    browser = client_for(boss)
    page = browser.get(reverse("admin:notifications_setaside_changelist")).content.decode()
    assert row.reason in page
    waiting = {w.label: w.count for read in back_office.waiting_readers for w in read(boss)}
    assert waiting["messages set aside"] == 1
    address = reverse("admin:notifications_setaside_do", args=[row.pk, "drop"])
    assert browser.post(address, {"reason": "The key is lost"}).status_code == 302
    assert not SetAside.objects.exists()
