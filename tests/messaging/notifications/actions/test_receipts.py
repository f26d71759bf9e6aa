import json
from datetime import UTC, datetime, timedelta

import pytest
from anymail.signals import AnymailTrackingEvent, tracking

from messaging.enums import Status
from messaging.inbound.actions import receive
from messaging.inbound.models import ReceivedText
from messaging.notifications import slots
from messaging.notifications.actions.receipts import EARLY_RETRIES, apply_due, apply_receipts
from messaging.notifications.enums import QueueState
from messaging.notifications.models import (
    Complaint,
    Notification,
    NotificationContent,
    SendQueue,
    StatDelta,
    Suppression,
)
from messaging.notifications.rules.recipients import recipient_hash
from messaging.notifications.signals import notifications_changed
from messaging.providers.actions import receipt_inbox
from messaging.providers.base import InboundText, Receipt
from messaging.providers.enums import InboxKind
from messaging.providers.models import ReceiptInbox, UnlistedStatus
from notify.lib import clock
from notify.lib.ids import uuid7
from tests.factories.inbound import InboundNumberFactory
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import (
    DeliveryAttemptFactory,
    NotificationFactory,
    SendQueueFactory,
)
from tests.helpers.api import make_service, make_template


@pytest.fixture
def service(db):
    return make_service()


@pytest.fixture
def message(service):
    return make_message(service)


def make_message(service, status=Status.SENDING, channel="email", to="sam@example.com", **fields):
    template = make_template(service, channel)
    pk = uuid7()
    DeliveryAttemptFactory(
        notification_id=pk, number=1, provider="http-sms", provider_reference=f"p-{pk}", started_at=clock.now()
    )
    return NotificationFactory(
        id=pk,
        service=service,
        template=template,
        template_version=1,
        channel=channel,
        status=status,
        created_at=clock.now(),
        recipient_hash=recipient_hash(to),
        content={"to": to, "normalised": to, "personalisation": {}},
        **fields,
    )


def status_of(message) -> Status:
    return Status(Notification.objects.get(pk=message.pk).status)


def receipt(message, status=Status.DELIVERED, **fields):
    return Receipt(provider="http-sms", status=status, notification_id=message.pk, **fields)


def test_a_receipt_moves_the_message_its_figures_and_tells_others(message):
    told = []
    notifications_changed.connect(lambda changes, **kwargs: told.extend(changes), weak=False, dispatch_uid="test")
    try:
        assert apply_receipts([receipt(message)]).moved == 1
    finally:
        notifications_changed.disconnect(dispatch_uid="test")
    assert status_of(message) == Status.DELIVERED
    assert [(c.notification_id, c.old, c.new) for c in told] == [(message.pk, Status.SENDING, Status.DELIVERED)]
    assert sorted(StatDelta.objects.values_list("status", "count")) == [(Status.SENDING, -1), (Status.DELIVERED, 1)]


def test_a_receipt_by_the_providers_reference_finds_its_message(message):
    by_reference = Receipt(provider="http-sms", status=Status.DELIVERED, reference=f"p-{message.pk}")
    assert apply_receipts([by_reference]).moved == 1
    elsewhere = Receipt(provider="another", status=Status.DELIVERED, reference=f"p-{message.pk}")
    assert apply_receipts([elsewhere]).unmatched == [elsewhere]


@pytest.mark.parametrize(
    ("told", "end"),
    [
        ([Status.DELIVERED, Status.DELIVERED], Status.DELIVERED),
        ([Status.DELIVERED, Status.PENDING], Status.DELIVERED),
        ([Status.DELIVERED, Status.PERMANENT_FAILURE], Status.DELIVERED),
        ([Status.TEMPORARY_FAILURE, Status.DELIVERED], Status.TEMPORARY_FAILURE),
        ([Status.PENDING, Status.DELIVERED], Status.DELIVERED),
        ([Status.PENDING, Status.SENT], Status.PENDING),
    ],
)
def test_doubled_and_reordered_receipts_end_in_the_right_status(message, told, end):
    for status in told:
        apply_receipts([receipt(message, status)])
    assert status_of(message) == end


@pytest.mark.parametrize(
    ("told", "end"),
    [
        ([Status.DELIVERED, Status.PERMANENT_FAILURE], Status.DELIVERED),
        ([Status.TEMPORARY_FAILURE, Status.DELIVERED], Status.TEMPORARY_FAILURE),
        ([Status.PENDING, Status.DELIVERED, Status.TECHNICAL_FAILURE], Status.DELIVERED),
        ([Status.SENT, Status.PENDING], Status.PENDING),
        ([Status.DELIVERED, Status.RETURNED_LETTER], Status.RETURNED_LETTER),
    ],
)
def test_within_one_batch_the_first_final_status_wins(message, told, end):
    apply_receipts([receipt(message, status) for status in told])
    assert status_of(message) == end


def test_bodies_are_applied_in_the_order_in_which_they_came(message):
    first = put({"id": str(message.pk), "status": "delivered"})
    put({"id": str(message.pk), "status": "permanent-failure"})
    # The earlier one is due later, as after a look that came too early.
    ReceiptInbox.objects.filter(pk=first.pk).update(next_attempt_at=clock.now() - timedelta(minutes=1))
    assert apply_due() == 2
    assert status_of(message) == Status.DELIVERED


def test_a_word_that_is_not_listed_changes_nothing_and_is_counted(message, settings, caplog):
    settings.HTTP_SMS = {"receipt": {"list": "r", "statuses": {"OK": "delivered"}}}

    def say(*words):
        body = {"r": [{"id": str(message.pk), "status": word} for word in words]}
        receipt_inbox.put("http-sms", json.dumps(body).encode())
        ReceiptInbox.objects.update(next_attempt_at=clock.now() - timedelta(hours=1))
        apply_due()

    say("ENROUTE", "ENROUTE", "BUFFERED")
    assert status_of(message) == Status.SENDING
    say("ENROUTE", "OK")
    assert status_of(message) == Status.DELIVERED
    assert dict(UnlistedStatus.objects.values_list("word", "count")) == {"ENROUTE": 3, "BUFFERED": 1}
    told = [each.getMessage() for each in caplog.records if each.getMessage().startswith("receipt.unlisted_status")]
    assert len(told) == 2


def test_a_receipt_of_a_provider_that_did_not_carry_the_message_changes_nothing(message):
    Notification.objects.filter(pk=message.pk).update(provider="another")
    applied = apply_receipts([receipt(message, Status.PERMANENT_FAILURE)])
    assert (applied.moved, len(applied.foreign), status_of(message)) == (0, 1, Status.SENDING)
    row = put({"id": str(message.pk), "status": "delivered"}, provider="sandbox")
    apply_due()
    row.refresh_from_db()
    assert (row.problem, status_of(message)) == ("Another provider carried this message", Status.SENDING)


def test_a_provider_that_was_tried_before_may_say_that_it_arrived_after_all(message):
    Notification.objects.filter(pk=message.pk).update(provider="another")
    assert apply_receipts([receipt(message)]).moved == 1


def test_a_receipt_that_breaks_hurts_no_other(service, message, caplog):
    poison = make_message(service)

    def break_one(changes, **kwargs):
        if any(change.notification_id == poison.pk for change in changes):
            # As the database does: nothing more goes within this savepoint.
            list(Notification.objects.raw("SELECT nonsense"))

    notifications_changed.connect(break_one, weak=False, dispatch_uid="test")
    try:
        bad = put({"id": str(poison.pk), "status": "delivered"})
        good = put({"id": str(message.pk), "status": "delivered"})
        assert apply_due() == 2
    finally:
        notifications_changed.disconnect(dispatch_uid="test")
    assert (status_of(message), status_of(poison)) == (Status.DELIVERED, Status.SENDING)
    problems = dict(ReceiptInbox.objects.values_list("pk", "problem"))
    assert problems == {bad.pk: "It could not be applied: ProgrammingError", good.pk: ""}
    assert not ReceiptInbox.objects.filter(applied_at=None).exists()


def test_a_body_whose_reading_breaks_hurts_no_other(message, monkeypatch):
    def break_it(source, row):
        list(Notification.objects.raw("SELECT nonsense"))

    monkeypatch.setitem(slots.inbox_readers._fillers, InboxKind.INBOUND, break_it)
    bad = receipt_inbox.put("http-sms", b"{}", kind=InboxKind.INBOUND)
    put({"id": str(message.pk), "status": "delivered"})
    ReceiptInbox.objects.update(next_attempt_at=clock.now() - timedelta(hours=1))
    assert apply_due() == 2
    bad.refresh_from_db()
    assert (bad.applied_at is not None, bad.problem) == (True, "The code that reads it broke: ProgrammingError")
    assert status_of(message) == Status.DELIVERED


def test_a_receipt_in_the_future_counts_as_now(message):
    apply_receipts([receipt(message, at=datetime(2099, 1, 1, tzinfo=UTC))])
    assert Notification.objects.get(pk=message.pk).updated_at <= clock.now()


def test_a_message_just_being_handed_over_is_left_alone(service):
    message = make_message(service, Status.CREATED)
    SendQueueFactory(
        id=message.pk,
        service_id=service.pk,
        channel="email",
        lane=2,
        state=QueueState.CLAIMED,
        not_before=clock.now(),
        give_up_at=clock.now(),
    )
    early = receipt(message)
    assert apply_receipts([early]).unmatched == [early]
    assert status_of(message) == Status.CREATED
    SendQueue.objects.update(state=QueueState.UNKNOWN)
    assert apply_receipts([early]).moved == 1
    assert not SendQueue.objects.exists()


def put(*entries, provider="sandbox", **more):
    row = receipt_inbox.put(provider, json.dumps(entries).encode(), **more)
    ReceiptInbox.objects.filter(pk=row.pk).update(next_attempt_at=clock.now() - timedelta(hours=1))
    return row


def test_the_inbox_is_applied_once(message):
    row = put({"id": str(message.pk), "status": "delivered"})
    assert apply_due() == 1
    row.refresh_from_db()
    assert (row.applied_at is not None, row.problem, row.attempts) == (True, "", 1)
    assert status_of(message) == Status.DELIVERED
    assert apply_due() == 0


def test_an_early_receipt_waits_for_its_message_and_is_given_up_in_the_end(service):
    unknown = uuid7()
    row = put({"id": str(unknown), "status": "delivered"})
    for number in range(1, len(EARLY_RETRIES) + 2):
        assert apply_due() == 1, number
        ReceiptInbox.objects.update(next_attempt_at=clock.now() - timedelta(hours=1))
    row.refresh_from_db()
    assert (row.applied_at is not None, row.problem) == (True, "There is no message with this reference")


@pytest.mark.parametrize("raw", [b"", b"{", b'[{"id": 1}]', b'[{"id": "x", "status": "nonsense"}]', b"[1]", b"null", b"\xff"])
def test_a_body_nobody_can_read_stays_with_its_reason_and_stops_nothing(message, raw):
    row = receipt_inbox.put("sandbox", raw)
    put({"id": str(message.pk), "status": "delivered"})
    ReceiptInbox.objects.update(next_attempt_at=clock.now() - timedelta(hours=1))
    assert apply_due() == 2
    row.refresh_from_db()
    assert row.applied_at is not None
    assert row.problem != ""
    assert bytes(receipt_inbox.raw_body(row)) == raw
    assert status_of(message) == Status.DELIVERED


def event(kind, message, **fields):
    return AnymailTrackingEvent(
        event_type=kind,
        timestamp=clock.now(),
        message_id="esp-1",
        metadata={"notification_id": str(message.pk)},
        recipient="sam@example.com",
        esp_event={"x": 1},
        **fields,
    )


@pytest.mark.parametrize(
    ("kind", "fields", "end", "suppressed", "complaints"),
    [
        ("delivered", {}, Status.DELIVERED, [], 0),
        ("bounced", {"reject_reason": "bounced", "mta_response": "550 no such user"}, Status.PERMANENT_FAILURE, ["bounce"], 0),
        ("bounced", {"reject_reason": "bounced", "mta_response": "452 full"}, Status.TEMPORARY_FAILURE, [], 0),
        ("rejected", {"reject_reason": "blocked"}, Status.PERMANENT_FAILURE, [], 0),
        ("complained", {}, Status.SENDING, ["complaint"], 1),
        ("opened", {}, Status.SENDING, [], 0),
        ("deferred", {}, Status.SENDING, [], 0),
    ],
)
def test_anymails_events_are_mapped(message, kind, fields, end, suppressed, complaints):
    for _ in range(2):
        tracking.send(sender=None, event=event(kind, message, **fields), esp_name="Mailgun")
    ReceiptInbox.objects.update(next_attempt_at=clock.now() - timedelta(hours=1))
    apply_due()
    assert status_of(message) == end
    assert list(Suppression.objects.values_list("reason", flat=True)) == suppressed
    assert Complaint.objects.count() == complaints


def test_a_received_text_is_stored_once_for_the_services_number(service):
    service.permissions = ["sms", "inbound_sms"]
    service.save()
    InboundNumberFactory(number="07700900111", provider="http-sms", service=service)
    body = {"from": "447700900123", "to": "447700900111", "text": "Hello\x00", "id": "i-1"}
    for _ in range(2):
        receipt_inbox.put("http-sms", json.dumps(body).encode(), kind=InboxKind.INBOUND)
    ReceiptInbox.objects.update(next_attempt_at=clock.now() - timedelta(hours=1))
    apply_due()
    [text] = ReceivedText.objects.all()
    assert (text.service, text.notify_number, text.user_number, text.content) == (
        service,
        "07700900111",
        "447700900123",
        "Hello",
    )


def test_stop_and_start_change_the_list_of_people_not_to_contact(service):
    service.permissions = ["sms", "inbound_sms"]
    service.save()
    InboundNumberFactory(number="07700900111", provider="http-sms", service=service)

    def say(words, reference):
        body = {"from": "447700900123", "to": "07700900111", "text": words, "id": reference}
        receipt_inbox.put("http-sms", json.dumps(body).encode(), kind=InboxKind.INBOUND)
        ReceiptInbox.objects.update(next_attempt_at=clock.now() - timedelta(hours=1))
        apply_due()

    say(" stop ", "1")
    assert list(Suppression.objects.values_list("reason", "channel")) == [("stop", "sms")]
    say("Please stop", "2")
    say("Start", "3")
    assert not Suppression.objects.exists()
    assert list(ReceivedText.objects.order_by("id").values_list("keyword", flat=True)) == ["STOP", "", "START"]


def test_stop_is_obeyed_beside_a_teams_template_with_the_name_of_ours(service):
    service.permissions = ["sms", "inbound_sms"]
    service.save()
    InboundNumberFactory(number="07700900111", provider="http-sms", service=service)
    TemplateFactory(service=service, name="Automatic answers")
    body = {"from": "447700900123", "to": "07700900111", "text": "STOP", "id": "1"}
    row = receipt_inbox.put("http-sms", json.dumps(body).encode(), kind=InboxKind.INBOUND)
    ReceiptInbox.objects.update(next_attempt_at=clock.now() - timedelta(hours=1))
    apply_due()
    row.refresh_from_db()
    assert (row.problem, Suppression.objects.get().reason) == ("", "stop")
    assert Notification.objects.filter(service=service).count() == 1


def test_stop_is_obeyed_although_its_answer_breaks(service, monkeypatch):
    service.permissions = ["sms", "inbound_sms"]
    service.save()
    InboundNumberFactory(number="07700900111", provider="http-sms", service=service)
    monkeypatch.setattr(receive, "answer", lambda *args, **kwargs: list(Notification.objects.raw("SELECT nonsense")))
    receive.receive_texts([InboundText("http-sms", "447700900123", "07700900111", "STOP", "1")])
    assert (Suppression.objects.get().reason, ReceivedText.objects.count()) == ("stop", 1)


def test_a_text_that_cannot_be_stored_hurts_no_other_of_its_body(service, monkeypatch):
    service.permissions = ["sms", "inbound_sms"]
    service.save()
    InboundNumberFactory(number="07700900111", provider="http-sms", service=service)
    real = receive.keyword_in

    def keyword_in(words):
        if words == "poison":
            raise RuntimeError("a fault of ours")
        return real(words)

    monkeypatch.setattr(receive, "keyword_in", keyword_in)
    texts = [{"from": "447700900123", "to": "07700900111", "text": words, "id": words} for words in ("one", "poison", "two")]
    row = receipt_inbox.put("http-sms", json.dumps(texts).encode(), kind=InboxKind.INBOUND)
    ReceiptInbox.objects.update(next_attempt_at=clock.now() - timedelta(hours=1))
    apply_due()
    row.refresh_from_db()
    assert (ReceivedText.objects.count(), row.problem) == (2, "1 of 3 texts could not be stored: RuntimeError")


def test_a_text_to_a_number_without_a_service_is_dropped(service):
    InboundNumberFactory(number="07700900111", provider="http-sms", service=service)
    receipt_inbox.put("http-sms", b'{"from": "447700900123", "to": "07700900111", "text": "Hi"}', kind=InboxKind.INBOUND)
    receipt_inbox.put("http-sms", b'{"from": "447700900123", "to": "07700900999", "text": "Hi"}', kind=InboxKind.INBOUND)
    ReceiptInbox.objects.update(next_attempt_at=clock.now() - timedelta(hours=1))
    assert apply_due() == 2
    assert not ReceivedText.objects.exists()


def test_a_bounce_of_a_message_whose_content_is_gone_puts_nobody_on_the_list(message):
    NotificationContent.objects.all().delete()
    assert apply_receipts([receipt(message, Status.PERMANENT_FAILURE, suppress="bounce")]).moved == 1
    assert (status_of(message), Suppression.objects.count()) == (Status.PERMANENT_FAILURE, 0)
