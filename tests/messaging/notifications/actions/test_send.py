from datetime import timedelta
from decimal import Decimal

import pytest

from messaging.enums import Status
from messaging.notifications.actions import claim, send
from messaging.notifications.actions.compose import Composed
from messaging.notifications.actions.receipts import apply_due
from messaging.notifications.enums import QueueState
from messaging.notifications.models import DeliveryAttempt, Inflight, Notification, NotificationContent, SendQueue
from messaging.notifications.queries.pricing import sms_rate
from messaging.providers.base import NotSent, Unknown
from messaging.providers.models import ReceiptInbox
from messaging.sandbox.models import SandboxBehaviour, SandboxMessage
from notify.lib import clock
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import send_one, status_of
from tests.factories.services import LiveServiceFactory

pytestmark = pytest.mark.django_db(transaction=True)


def behave(behaviour, channel="sms"):
    SandboxBehaviour.objects.update_or_create(channel=channel, defaults={"behaviour": behaviour})


def receipts_arrive():
    ReceiptInbox.objects.update(next_attempt_at=clock.now())
    apply_due()


def send_all():
    while send.send_due():
        pass


def test_text_is_handed_over_priced_and_delivered():
    accepted = send_one(LiveServiceFactory())
    send_all()
    notification = Notification.objects.get()
    assert (notification.state, notification.provider, notification.billable_units) == (Status.SENDING, "sandbox", 1)
    assert notification.cost == Decimal("0.02400")
    assert SandboxMessage.objects.get(notification_id=accepted.id).text == "Hi Sam"
    assert DeliveryAttempt.objects.get().outcome == DeliveryAttempt.Outcome.ACCEPTED
    assert (SendQueue.objects.count(), Inflight.objects.count()) == (0, 1)
    receipts_arrive()
    assert (status_of(accepted), Inflight.objects.count()) == ("delivered", 0)


def test_email_carries_the_services_name_reply_to_and_unsubscribe_headers():
    service = LiveServiceFactory(name="Bin collections")
    service.reply_to_addresses.create(email_address="bins@town.gov.uk", is_default=True)
    template = TemplateFactory(service=service, channel="email", words={"has_unsubscribe_link": True})
    send_one(service, template)
    send_all()
    shown = SandboxMessage.objects.get()
    assert shown.sender == '"Bin collections" <bin.collections@notify.example>'
    assert (shown.reply_to, shown.subject) == ("bins@town.gov.uk", "About Sam")
    assert shown.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Unsubscribe" in shown.html


def test_text_abroad_is_sent_and_not_sending():
    accepted = send_one(LiveServiceFactory(), recipient="+33612345678")
    send_all()
    assert status_of(accepted) == "sent"


def test_bounce_is_a_permanent_failure():
    behave("bounce")
    accepted = send_one(LiveServiceFactory())
    send_all()
    receipts_arrive()
    assert status_of(accepted) == "permanent-failure"


def test_provider_that_is_down_is_tried_again_later_and_given_up_in_the_end():
    behave("refuse")
    accepted = send_one(LiveServiceFactory())
    send_all()
    row = SendQueue.objects.get()
    assert (status_of(accepted), row.state, row.attempts) == ("created", QueueState.READY, row.attempts)
    assert DeliveryAttempt.objects.filter(outcome="not-sent").count() == row.attempts
    SendQueue.objects.update(not_before=clock.now(), give_up_at=clock.now() - timedelta(seconds=1))
    send.send_due()
    notification = Notification.objects.get()
    assert (notification.state, notification.status_detail) == (
        Status.TECHNICAL_FAILURE,
        "No provider took the message in time",
    )


def test_unknown_outcome_waits_for_a_receipt_and_a_late_one_ends_it():
    behave("unknown")
    accepted = send_one(LiveServiceFactory())
    send_all()
    assert (status_of(accepted), SendQueue.objects.get().state) == ("created", QueueState.UNKNOWN)
    send.move([send.Move(accepted.id, Status.DELIVERED)])
    assert (status_of(accepted), SendQueue.objects.count()) == ("delivered", 0)
    notification = Notification.objects.get()
    assert (notification.provider, notification.billable_units, notification.cost) == ("sandbox", 1, Decimal("0.02400"))


def test_message_never_confirmed_becomes_a_technical_failure():
    behave("unknown")
    accepted = send_one(LiveServiceFactory())
    for _ in range(claim.MAX_RESENDS + 1):
        send_all()
        SendQueue.objects.update(not_before=clock.now())
        send.sweep()
    assert DeliveryAttempt.objects.count() == claim.MAX_RESENDS + 1
    assert (status_of(accepted), SendQueue.objects.count()) == ("technical-failure", 0)


def test_providers_own_fault_is_an_unknown_outcome_and_stops_nobody_else(monkeypatch):
    accepted = [send_one(LiveServiceFactory()) for _ in range(3)]
    broken = accepted[1].id

    class Flaky:
        def send(self, outgoing):
            if outgoing.notification_id == broken:
                raise ValueError("broken")
            return send.Accepted("ref")

    monkeypatch.setattr(send.registry, "send", lambda name, outgoing: Flaky().send(outgoing))
    send_all()
    assert [status_of(each) for each in accepted] == ["sending", "created", "sending"]
    assert isinstance(Unknown("x"), send.Result)


def test_two_workers_with_one_message_write_it_once():
    accepted = send_one(LiveServiceFactory())
    token, rows = claim.claim()
    SendQueue.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    claim.expire_leases()
    other_token, same = claim.claim()
    send.send_batch(same, other_token)
    send.send_batch(rows, token)
    assert status_of(accepted) == "sending"
    assert Inflight.objects.count() == 1


@pytest.mark.parametrize(
    ("recipient", "status"),
    [
        ("07700900001", "delivered"),
        ("07700 900002", "permanent-failure"),
        ("07700900003", "temporary-failure"),
        ("+1 202 555 0123", "sent"),
        ("+33612345678", "delivered"),
    ],
)
def test_test_key_simulates_the_outcome_and_nothing_leaves(recipient, status):
    accepted = send_one(LiveServiceFactory(), recipient=recipient, key_type="test")
    send_all()
    assert status_of(accepted) == status
    assert (SandboxMessage.objects.count(), ReceiptInbox.objects.count(), DeliveryAttempt.objects.count()) == (0, 0, 0)


def test_message_of_an_archived_service_is_not_sent():
    service = LiveServiceFactory()
    accepted = send_one(service)
    service.archived_at = clock.now()
    service.save()
    send_all()
    assert (status_of(accepted), SandboxMessage.objects.count()) == ("technical-failure", 0)


def test_message_whose_content_is_gone_fails_and_stops_nobody_else():
    service = LiveServiceFactory()
    first, second = send_one(service), send_one(service)
    NotificationContent.objects.filter(pk=first.id).delete()
    send_all()
    assert (status_of(first), status_of(second)) == ("technical-failure", "sending")


def test_scheduled_message_waits_for_its_time():
    accepted = send_one(LiveServiceFactory(), scheduled_for=clock.now() + timedelta(hours=1))
    send_all()
    assert status_of(accepted) == "created"
    SendQueue.objects.update(not_before=clock.now())
    send_all()
    assert status_of(accepted) == "sending"


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 0), (2, 5), (6, 120), (7, 300), (99, 300)])
def test_pauses_grow_and_vary_by_a_fifth(attempts, seconds):
    pauses = [send.backoff(attempts).total_seconds() for _ in range(50)]
    assert seconds * 0.8 <= min(pauses) <= max(pauses) <= seconds * 1.2


@pytest.mark.parametrize(("wish", "seconds"), [(30, 30), (0, 1), (99_999, 3600)])
def test_a_providers_own_wish_wins_within_reason(wish, seconds):
    assert send.result_delay(NotSent("busy", retry_after=wish), 9) == timedelta(seconds=seconds)
    assert send.result_delay(NotSent("busy"), 1) == timedelta(0)


def test_texts_cost_by_fragment_and_country_and_letters_bring_their_price():
    composed = Composed(outgoing=None, units=3, cost=Decimal("1.25"))
    text = Notification(channel="sms", rate_multiplier=Decimal(2))
    assert send.cost_of(text, composed) == 6 * sms_rate(clock.local_day())
    assert send.cost_of(Notification(channel="letter"), composed) == Decimal("1.25")
