"""A recipient's wish to get no more of a service's emails."""

from uuid import UUID

from django.db import transaction

from messaging.notifications.enums import SuppressionReason
from messaging.notifications.models import Notification, NotificationContent, Suppression, UnsubscribeRequest
from notify.lib.crypto import decrypt_json
from services.enums import Channel


def unsubscribe(notification_id: UUID) -> UnsubscribeRequest:
    """Note the wish and stop the service's emails to this address; asking twice changes nothing more.

    The token in the link is the permission, so there is no `by`. Refuses a message that is no email or is not kept any
    more with Notification.DoesNotExist.
    """
    with transaction.atomic():
        known = UnsubscribeRequest.objects.filter(notification_id=notification_id).first()
        if known is not None:
            return known
        notification = Notification.objects.get(pk=notification_id, channel=Channel.EMAIL)
        content = NotificationContent.objects.filter(pk=notification_id).first()
        if content is None:
            raise Notification.DoesNotExist
        address = decrypt_json(bytes(content.sealed))["to"]
        request, _ = UnsubscribeRequest.objects.get_or_create(
            notification_id=notification_id,
            defaults={
                "service_id": notification.service_id,
                "template_id": notification.template_id,
                "email_address": address,
            },
        )
        Suppression.objects.get_or_create(
            service_id=notification.service_id,
            channel=Channel.EMAIL,
            recipient_hash=bytes(notification.recipient_hash or b""),
            defaults={
                "recipient": address,
                "reason": SuppressionReason.UNSUBSCRIBE,
                "notification_id": notification_id,
            },
        )
        return request
