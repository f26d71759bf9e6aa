"""Sending a failed message once more, to the same person with the same words."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import User
from audit.models import AuditEvent
from audit.record import record
from messaging.enums import Status
from messaging.message_templates.queries.templates import version_of
from messaging.notifications.actions.accept import AcceptedMessage, accept
from messaging.notifications.actions.checks import MessageRequest
from messaging.notifications.models import Notification, NotificationContent
from messaging.notifications.rules.recipients import read_recipient
from notify.lib.crypto import decrypt_json
from notify.lib.refusals import ActionRefused, Reason
from services.access import require
from services.enums import Channel, KeyType
from services.models import EmailReplyTo, Service, SmsSender
from services.permissions import SEND_MESSAGES

FAILED = frozenset({Status.TEMPORARY_FAILURE, Status.PERMANENT_FAILURE, Status.TECHNICAL_FAILURE})


def may_resend(notification: Notification) -> bool:
    """Whether a message failed in a way that another try may mend; letters and test keys' messages are left out."""
    return notification.channel != Channel.LETTER and notification.key_type != KeyType.TEST and notification.state in FAILED


def resent_as(notification: Notification) -> UUID | None:
    """The message that took this one's place, if somebody sent it again."""
    events = AuditEvent.objects.filter(
        subject_type=Notification._meta.label_lower, subject_id=str(notification.pk), name="notification.resent"
    )
    found = events.values_list("data", flat=True).first()
    return UUID(found["as"]) if found else None


def resend(service: Service, notification: Notification, *, by: User) -> AcceptedMessage:
    """Send a failed message again as a new one, from the same sender if it still exists, otherwise from the default one.

    Refuses (PermissionRefused) people who may not send, (ActionRefused) what has not failed and what was sent again before,
    and with MessageRefused whatever sending refuses: a deleted template, a person who is not contacted any more, a limit.
    The message's lock lets only the first of two clicks through.
    """
    require(by, service, SEND_MESSAGES)
    with transaction.atomic():
        failed = Notification.objects.select_for_update().get(pk=notification.pk, service_id=service.pk)
        if not may_resend(failed):
            raise ActionRefused(Reason("not_failed", "Only an email or text message that failed can be sent again"))
        if resent_as(failed):
            raise ActionRefused(Reason("resent", "This message was sent again already"))
        accepted = accept(request_again(service, failed, by=by))
        record("notification.resent", actor=by, subject=failed, data={"as": str(accepted.id)}, service_id=service.pk)
    return accepted


def request_again(service: Service, failed: Notification, *, by: User) -> MessageRequest:
    """The request that makes a failed message anew."""
    content: dict[str, Any] = decrypt_json(bytes(NotificationContent.objects.get(pk=failed.pk).sealed))
    is_text = failed.channel == Channel.SMS
    return MessageRequest(
        service=service,
        template=version_of(failed.template_id, failed.template_version),
        channel=failed.channel,
        recipient=read_recipient(failed.channel, content["to"]),
        personalisation=content["personalisation"],
        key_type=failed.key_type,
        by_id=by.pk,
        reference=failed.client_reference,
        sms_sender_id=_text_sender(service, content["sender"]) if is_text else None,
        email_reply_to_id=None if is_text else _reply_to(service, content["sender"]),
        unsubscribe_url=content.get("unsubscribe_url"),
        formatted=content.get("formatted", ()),
        guest_list=failed.key_type == KeyType.TEAM,
    )


def _text_sender(service: Service, name: str) -> UUID | None:
    with suppress(SmsSender.DoesNotExist):
        return SmsSender.objects.filter(service=service, name=name, archived_at=None).earliest("created_at").pk
    return None


def _reply_to(service: Service, address: str) -> UUID | None:
    with suppress(EmailReplyTo.DoesNotExist):
        known = EmailReplyTo.objects.filter(service=service, email_address=address, archived_at=None)
        return known.exclude(verification_sent_at__isnull=False, verified_at=None).earliest("created_at").pk
    return None
