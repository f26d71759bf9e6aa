import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F

from audit.record import SYSTEM
from messaging.enums import Status
from messaging.notifications.actions import claim, prepare, send, set_aside
from messaging.notifications.actions.receipts import apply_due
from messaging.notifications.enums import QueueState
from messaging.notifications.models import DeliveryAttempt, Inflight, Notification, NotificationContent, SendQueue, SetAside
from messaging.notifications.queries.senders import service_by_id
from messaging.providers.base import ProviderAccepted, Unknown
from messaging.providers.models import ReceiptInbox
from messaging.sandbox.models import SandboxBehaviour, SandboxMessage
from notify.lib import clock
from services.actions import lifecycle
from services.models import Service
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import DeliveryAttemptFactory, send_one, status_of
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
            return ProviderAccepted("ref")

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


def test_scheduled_message_waits_for_its_time():
    accepted = send_one(LiveServiceFactory(), scheduled_for=clock.now() + timedelta(hours=1))
    send_all()
    assert status_of(accepted) == "created"
    SendQueue.objects.update(not_before=clock.now())
    send_all()
    assert status_of(accepted) == "sending"


def expire(*, after_hold=False):
    """The lease of everything claimed runs out, as if its worker had hung; the sweep finds it."""
    SendQueue.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    send.sweep()
    if after_hold:
        SendQueue.objects.update(not_before=clock.now())
        send.sweep()


def test_attempts_are_opened_wave_by_wave(monkeypatch):
    monkeypatch.setattr(send, "CONCURRENCY", 2)
    template = TemplateFactory(service=LiveServiceFactory())
    for _ in range(5):
        send_one(template.service, template)
    opened = []

    def answer(name, outgoing):
        opened.append(DeliveryAttempt.objects.count())
        return ProviderAccepted("ref")

    monkeypatch.setattr(send.registry, "send", answer)
    send_all()
    assert opened == [2, 2, 4, 4, 5]


def test_an_answer_is_written_while_another_call_still_waits(monkeypatch):
    template = TemplateFactory(service=LiveServiceFactory())
    slow, quick = [send_one(template.service, template) for _ in range(2)]
    seen = []

    def answer(name, outgoing):
        if outgoing.notification_id == slow.id:
            ends = time.monotonic() + 5
            while status_of(quick) != "sending" and time.monotonic() < ends:
                time.sleep(0.02)
            seen.append(status_of(quick))
        return ProviderAccepted("ref")

    monkeypatch.setattr(send.registry, "send", answer)
    send_all()
    assert (seen, status_of(slow)) == (["sending"], "sending")


def test_a_slow_providers_later_waves_are_not_taken_over(monkeypatch):
    """The lease belongs to a wave: each begins with a new one for all that is left."""
    monkeypatch.setattr(send, "CONCURRENCY", 1)
    template = TemplateFactory(service=LiveServiceFactory())
    for _ in range(3):
        send_one(template.service, template)
    calls = []

    def answer(name, outgoing):
        calls.append(outgoing.notification_id)
        # Most of a lease passes in each call, and several leases in the batch.
        moved = timedelta(seconds=80)
        SendQueue.objects.filter(state=QueueState.CLAIMED).update(lease_until=F("lease_until") - moved)
        assert send.sweep()["expired"] == 0
        return ProviderAccepted("ref")

    monkeypatch.setattr(send.registry, "send", answer)
    send_all()
    assert (len(calls), len(set(calls))) == (3, 3)


@pytest.mark.parametrize("after_hold", [False, True])
def test_an_acceptance_that_comes_after_the_lease_is_taken_and_never_sent_again(monkeypatch, after_hold):
    accepted = send_one(LiveServiceFactory())
    calls = []

    def answer(name, outgoing):
        calls.append(1)
        expire(after_hold=after_hold)
        return ProviderAccepted("late")

    monkeypatch.setattr(send.registry, "send", answer)
    send.send_due()
    assert (status_of(accepted), SendQueue.objects.count(), Inflight.objects.count()) == ("sending", 0, 1)
    send.sweep()
    send_all()
    assert (len(calls), DeliveryAttempt.objects.get().outcome) == (1, DeliveryAttempt.Outcome.ACCEPTED)


def test_a_message_with_an_accepted_attempt_is_never_sent_again(monkeypatch):
    accepted = send_one(LiveServiceFactory())
    monkeypatch.setattr(send.registry, "send", lambda *args: pytest.fail("sent again"))
    DeliveryAttemptFactory(
        notification_id=accepted.id, number=1, provider="sandbox", outcome="accepted", started_at=clock.now()
    )
    SendQueue.objects.update(attempts=1)
    send_all()
    assert (status_of(accepted), SendQueue.objects.count()) == ("sending", 0)


def spoil(accepted):
    NotificationContent.objects.filter(pk=accepted.id).update(sealed=b"nobody opens this")


def test_a_message_that_cannot_be_opened_stops_nobody_else_and_is_set_aside(caplog):
    template = TemplateFactory(service=LiveServiceFactory())
    poison, *others = [send_one(template.service, template) for _ in range(5)]
    stranger = send_one(LiveServiceFactory())
    spoil(poison)
    send_all()
    assert {status_of(each) for each in [*others, stranger]} == {"sending"}
    for crashes in range(1, claim.MAX_CRASHES):
        assert SendQueue.objects.get().crashes == crashes
        SendQueue.objects.update(not_before=clock.now())
        send_all()
    assert (status_of(poison), SendQueue.objects.count()) == ("technical-failure", 0)
    row = SetAside.objects.get()
    assert (row.id, row.channel, row.reason.split(" at ")[0]) == (poison.id, "sms", "InvalidToken")
    alarms = [
        each for each in caplog.records if each.levelname == "ERROR" and each.getMessage().startswith("message.set_aside")
    ]
    assert len(alarms) == 1


def test_a_message_that_cannot_be_composed_stops_nobody_else(monkeypatch):
    poison, other = send_one(LiveServiceFactory()), send_one(LiveServiceFactory())
    real = prepare.compose

    def compose(notification, *args):
        if notification.pk == poison.id:
            raise RuntimeError("a fault of ours")
        return real(notification, *args)

    monkeypatch.setattr(prepare, "compose", compose)
    send_all()
    assert (status_of(poison), status_of(other)) == ("created", "sending")
    monkeypatch.undo()
    SendQueue.objects.update(not_before=clock.now())
    send_all()
    assert status_of(poison) == "sending"


def test_storage_that_is_away_is_no_fault_of_the_message(monkeypatch):
    waiting = send_one(LiveServiceFactory())
    monkeypatch.setattr(prepare, "compose", lambda *args: (_ for _ in ()).throw(OSError("read-only")))
    for _ in range(claim.MAX_CRASHES + 2):
        SendQueue.objects.update(not_before=clock.now())
        send.send_due()
    assert (status_of(waiting), SendQueue.objects.get().crashes, SetAside.objects.count()) == ("created", 0, 0)


def test_what_workers_die_of_is_set_aside_and_what_they_had_with_it_is_sent():
    poison, innocent = send_one(LiveServiceFactory()), send_one(LiveServiceFactory())
    for _ in range(claim.ALONE_FROM):
        assert {row.id for row in claim.claim()[1]} == {poison.id, innocent.id}
        expire()
    SendQueue.objects.filter(pk=poison.id).update(not_before=clock.now() - timedelta(minutes=1))
    assert [row.id for row in claim.claim()[1]] == [poison.id]
    expire()
    assert (status_of(poison), SetAside.objects.get().reason) == ("technical-failure", set_aside.WORKERS_ENDED)
    SendQueue.objects.update(not_before=clock.now())
    send_all()
    assert status_of(innocent) == "sending"


def test_suspending_holds_what_a_worker_has_claimed_already_until_it_is_resumed():
    service = LiveServiceFactory()
    accepted = send_one(service)
    service_by_id(service.pk)  # another road's cache knows nothing of it
    token, rows = claim.claim()
    lifecycle.suspend(service, reason="Spam", by=SYSTEM)
    send.send_batch(rows, token)
    assert (status_of(accepted), SandboxMessage.objects.count()) == ("created", 0)
    send_all()
    assert SandboxMessage.objects.count() == 0
    lifecycle.resume(service, by=SYSTEM)
    send_all()
    assert status_of(accepted) == "sending"


def test_suspending_stops_what_comes_back_for_another_try(monkeypatch):
    service = LiveServiceFactory()
    accepted = send_one(service)

    def answer(name, outgoing):
        lifecycle.suspend(service, reason="Spam", by=SYSTEM)
        return send.NotSent("busy")

    with monkeypatch.context() as patch:
        patch.setattr(send.registry, "send", answer)
        send.send_due()
    send_all()
    assert (status_of(accepted), SandboxMessage.objects.count()) == ("created", 0)
    lifecycle.resume(service, by=SYSTEM)
    send_all()
    assert status_of(accepted) == "sending"


def test_archiving_settles_what_a_worker_has_claimed_already():
    service = LiveServiceFactory()
    accepted = send_one(service)
    token, rows = claim.claim()
    service_by_id(service.pk)  # another road's cache knows nothing of it
    Service.objects.filter(pk=service.pk).update(archived_at=clock.now())
    send.send_batch(rows, token)
    assert (status_of(accepted), SandboxMessage.objects.count()) == ("technical-failure", 0)


def test_a_503_is_tried_elsewhere_at_once(monkeypatch, settings):
    accepted = send_one(LiveServiceFactory())
    settings.SMS_PROVIDERS = ["sandbox", "http-sms"]
    tried = []

    def answer(name, outgoing):
        tried.append(name)
        return ProviderAccepted("ref") if len(tried) > 1 else send.NotSent("503", retry_after=600)

    monkeypatch.setattr(send.registry, "send", answer)
    send_all()
    assert (status_of(accepted), len(tried), set(tried)) == ("sending", 2, {"sandbox", "http-sms"})


def test_a_gateway_that_fails_for_hours_loses_nothing(monkeypatch):
    accepted = send_one(LiveServiceFactory())
    monkeypatch.setattr(send.registry, "send", lambda *args: send.NotSent("The provider cannot take messages now (503)"))
    for _ in range(40):
        SendQueue.objects.update(not_before=clock.now())
        send.send_due()
    assert (status_of(accepted), SendQueue.objects.get().state) == ("created", QueueState.READY)
    monkeypatch.undo()
    SendQueue.objects.update(not_before=clock.now())
    send_all()
    assert status_of(accepted) == "sending"


def test_an_answer_that_comes_while_the_sweep_gives_up_wins(monkeypatch):
    accepted = send_one(LiveServiceFactory())
    claim.claim()
    SendQueue.objects.update(state=QueueState.UNKNOWN, claim=None, resends=claim.MAX_RESENDS, not_before=clock.now())
    real = claim.resend_held

    def resend_held():
        found = real()
        SendQueue.objects.all().delete()
        send.move([send.Move(accepted.id, Status.SENDING)])
        return found

    monkeypatch.setattr(claim, "resend_held", resend_held)
    assert send.sweep()["unconfirmed"] == 0
    assert status_of(accepted) == "sending"
