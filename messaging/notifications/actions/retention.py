"""Forgetting: what is older than a service keeps it goes, night by night (reference: domain-rules §14)."""

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction

from messaging.enums import Status
from messaging.notifications import slots
from messaging.notifications.actions import partitions
from messaging.notifications.actions.status import Move, move
from messaging.notifications.models import Inflight, Notification
from messaging.providers.models import ReceiptInbox
from notify.lib import clock
from notify.lib.ids import uuid7_floor
from services.enums import Channel
from services.models import IdempotencyKey, Service
from services.rules import retention_days

# A message without an answer for this long will not get one (reference: public-api §9.2).
ANSWER_TIMEOUT = timedelta(hours=72)
RAW_RECEIPTS_KEPT = timedelta(days=7)
_BATCH = 5_000


def purge_old_messages() -> int:
    """Delete each service's messages past its retention, then drop the days that nobody keeps; returns rows deleted."""
    today = clock.utc_day()
    deleted = 0
    longest = settings.DEFAULT_RETENTION_DAYS
    for service in Service.objects.iterator(chunk_size=500):
        for channel in Channel.values:
            days = retention_days(service, channel)
            longest = max(longest, days)
            deleted += _purge(service, channel, days)
    # One day more: a day is kept whole in every time zone.
    oldest = today - timedelta(days=longest + 1)
    partitions.drop_partitions_before(oldest)
    for purge in slots.day_purgers:
        purge(oldest)
    return deleted


def _purge(service: Service, channel: str, days: int) -> int:
    """Delete one service's messages of one channel that are old and settled; a printer may never tell of a letter."""
    before = uuid7_floor(clock.now() - timedelta(days=days))
    total = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "WITH old AS (SELECT id FROM notifications_notification WHERE service_id = %s AND id < %s AND channel = %s "
                "AND (status >= %s OR (channel = 'letter' AND status >= %s)) ORDER BY id LIMIT %s), "
                "content AS (DELETE FROM notifications_notificationcontent c USING old WHERE c.id = old.id) "
                "DELETE FROM notifications_notification n USING old WHERE n.id = old.id RETURNING n.id",
                [service.pk, before, channel, int(Status.SENT), int(Status.SENDING), _BATCH],
            )
            ids = [row[0] for row in cursor.fetchall()]
        for purge in slots.purgers:
            purge(ids)
        count = len(ids)
        total += count
        if count < _BATCH:
            return total


def time_out_unanswered() -> int:
    """Messages without an answer for 72 hours become temporary failures; returns how many.

    Texts abroad that are `sent`, and letters, are left as they are: no answer may ever come.
    """
    moved = 0
    while ids := list(Inflight.objects.filter(sent_at__lt=clock.now() - ANSWER_TIMEOUT).values_list("pk", flat=True)[:_BATCH]):
        waiting = Notification.objects.filter(pk__in=ids).exclude(channel=Channel.LETTER).exclude(status=Status.SENT)
        with transaction.atomic():
            changes = move(
                [
                    Move(i, Status.TEMPORARY_FAILURE, detail="The provider sent no answer within 72 hours")
                    for i in waiting.values_list("pk", flat=True)
                ]
            )
            Inflight.objects.filter(pk__in=ids).delete()
        moved += len(changes)
    return moved


def purge_bookkeeping() -> None:
    """Drop answers kept for repeated requests and raw receipts that were applied."""
    moment = clock.now()
    IdempotencyKey.objects.filter(created_at__lt=moment - settings.IDEMPOTENCY_LIFETIME).delete()
    ReceiptInbox.objects.filter(received_at__lt=moment - RAW_RECEIPTS_KEPT).delete()
