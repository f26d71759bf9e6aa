"""Taking back a message that waits for its time."""

from uuid import UUID

from django.db import transaction

from messaging.enums import Status
from messaging.notifications.actions import quota
from messaging.notifications.actions.status import Move, move
from messaging.notifications.enums import QueueState
from messaging.notifications.models import Notification, NotificationContent, SendQueue
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.rules.recipients import phone_recipient
from notify.lib import clock
from notify.lib.crypto import decrypt_json
from services.enums import KeyType
from services.models import ApiKey, Service


def cancel_scheduled(service: Service, notification_id: UUID, *, by: ApiKey) -> Notification:
    """Cancel a scheduled message whose time has not come; it is never sent then and counts no more against its day's limit.

    Refuses with Notification.DoesNotExist for another service's or unknown message, and with MessageRefused for one
    that is not waiting any more, cancelled ones included. The queue row's lock settles the race with a worker: whoever has
    it first wins.
    """
    with transaction.atomic():
        notification = Notification.objects.get(pk=notification_id, service_id=service.pk)
        row = SendQueue.objects.select_for_update().filter(pk=notification_id).first()
        waiting = (
            row is not None
            and notification.scheduled_for is not None
            and row.state == QueueState.READY
            and row.attempts == 0
            and row.not_before > clock.now()
        )
        if not waiting or not move([Move(notification_id, Status.CANCELLED)]):
            raise MessageRefused("not_waiting", "Only a scheduled notification can be cancelled")
        if notification.key_type != KeyType.TEST and clock.utc_day(notification.created_at) == clock.utc_day():
            quota.give_back(service.pk, notification.channel, 1, international=_international(notification))
        notification.refresh_from_db()
    return notification


def _international(notification: Notification) -> int:
    """Whether it counted as a text abroad: crown dependencies are abroad, and yet do not."""
    if not notification.international:
        return 0
    content = NotificationContent.objects.get(pk=notification.pk)
    return int(phone_recipient(decrypt_json(bytes(content.sealed))["normalised"]).counts_as_international)
