from datetime import timedelta

import pytest
import time_machine

from messaging.enums import Status
from messaging.notifications.actions import retention
from messaging.notifications.actions.status import Move, move
from messaging.notifications.models import Inflight, Notification, NotificationContent
from messaging.providers.models import ReceiptInbox
from notify.lib import clock
from services.models import IdempotencyKey
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import InflightFactory, send_one, status_of
from tests.factories.providers import ReceiptInboxFactory
from tests.factories.services import IdempotencyKeyFactory, LiveServiceFactory

pytestmark = pytest.mark.django_db


def sent_days_ago(template, days, status=Status.DELIVERED):
    with time_machine.travel(clock.now() - timedelta(days=days), tick=False):
        accepted = send_one(template.service, template)
        move([Move(accepted.id, status)])
    return accepted


def test_messages_past_their_retention_go_and_others_stay():
    week, month = LiveServiceFactory(), LiveServiceFactory(retention_days_sms=30)
    gone = sent_days_ago(TemplateFactory(service=week), 8)
    kept = [sent_days_ago(TemplateFactory(service=week), 6), sent_days_ago(TemplateFactory(service=month), 20)]
    waiting = sent_days_ago(TemplateFactory(service=week), 9, Status.SENDING)
    retention.purge_old_messages()
    left = {kept[0].id, kept[1].id, waiting.id}
    assert set(Notification.objects.values_list("pk", flat=True)) == left
    assert set(NotificationContent.objects.values_list("pk", flat=True)) == left
    assert not Notification.objects.filter(pk=gone.id).exists()


def test_retention_of_each_channel_counts_for_itself():
    service = LiveServiceFactory(retention_days_email=3)
    email = sent_days_ago(TemplateFactory(service=service, channel="email"), 4)
    text = sent_days_ago(TemplateFactory(service=service), 4)
    retention.purge_old_messages()
    assert [Notification.objects.filter(pk=each.id).exists() for each in (email, text)] == [False, True]


def test_message_without_an_answer_for_72_hours_is_a_temporary_failure():
    old, new = send_one(LiveServiceFactory()), send_one(LiveServiceFactory())
    for accepted, hours in ((old, 73), (new, 71)):
        move([Move(accepted.id, Status.SENDING)])
        service_id = Notification.objects.get(pk=accepted.id).service_id
        InflightFactory(id=accepted.id, service_id=service_id, sent_at=clock.now() - timedelta(hours=hours))
    assert retention.time_out_unanswered() == 1
    assert (status_of(old), status_of(new)) == ("temporary-failure", "sending")


@pytest.mark.parametrize(
    ("channel", "status", "end"),
    [
        ("sms", Status.SENT, "sent"),
        ("letter", Status.SENDING, "sending"),
        ("sms", Status.PENDING, "temporary-failure"),
        ("email", Status.SENDING, "temporary-failure"),
    ],
)
def test_silence_is_no_failure_where_no_answer_may_ever_come(channel, status, end):
    accepted = send_one(LiveServiceFactory())
    Notification.objects.update(channel=channel)
    move([Move(accepted.id, status)])
    InflightFactory(id=accepted.id, sent_at=clock.now() - timedelta(hours=73))
    retention.time_out_unanswered()
    assert (status_of(accepted), Inflight.objects.count()) == (end, 0)


def test_a_letter_that_nobody_told_about_goes_with_its_retention():
    template = TemplateFactory(service=LiveServiceFactory())
    letter, text = [sent_days_ago(template, 9, Status.SENDING) for _ in range(2)]
    Notification.objects.filter(pk=letter.id).update(channel="letter")
    retention.purge_old_messages()
    assert list(Notification.objects.values_list("pk", flat=True)) == [text.id]


def test_old_answers_and_raw_receipts_are_dropped(settings):
    lifetimes = {IdempotencyKeyFactory: settings.IDEMPOTENCY_LIFETIME, ReceiptInboxFactory: retention.RAW_RECEIPTS_KEPT}
    kept = []
    for factory, lifetime in lifetimes.items():
        field = "created_at" if factory is IdempotencyKeyFactory else "received_at"
        for spare in (timedelta(minutes=-1), timedelta(minutes=1)):
            row = factory()
            type(row).objects.filter(pk=row.pk).update(**{field: clock.now() - lifetime + spare})
            kept += [row] if spare > timedelta(0) else []
    retention.purge_bookkeeping()
    assert [*IdempotencyKey.objects.all(), *ReceiptInbox.objects.all()] == kept


def test_more_than_one_batch_goes_at_once(monkeypatch):
    monkeypatch.setattr(retention, "_BATCH", 2)
    template = TemplateFactory(service=LiveServiceFactory())
    for _ in range(3):
        sent_days_ago(template, 8)
    assert retention.purge_old_messages() == 3
    assert Notification.objects.count() == 0
