"""Reading services and their senders the way the send path needs them: by id, cached for two seconds."""

from uuid import UUID

from django.conf import settings

from messaging.notifications.refusals import MessageRefused
from notify.lib.short_cache import cached
from services.models import EmailReplyTo, Service, SmsSender

_NO_SENDER = "This sender does not exist any more"


def service_by_id(service_id: UUID) -> Service:
    """A service with its organisation and brands, at most two seconds old."""
    return cached(
        ("service", service_id),
        lambda: Service.objects.select_related("organisation", "email_brand", "letter_brand").get(pk=service_id),
    )


def sms_sender(service: Service, sender_id: UUID | None) -> str:
    """The chosen or the default text sender; refuses another service's or an archived one."""

    def load() -> str:
        senders = SmsSender.objects.active().filter(service=service)
        if sender_id is None:
            name = senders.filter(is_default=True).values_list("name", flat=True).first()
            return name or settings.DEFAULT_SMS_SENDER
        name = senders.filter(pk=sender_id).values_list("name", flat=True).first()
        if name is None:
            raise MessageRefused("sms_sender", _NO_SENDER, sender_id=sender_id, service_id=service.pk)
        return name

    return cached(("sms_sender", service.pk, sender_id), load)


def email_reply_to(service: Service, reply_to_id: UUID | None) -> str:
    """The chosen or the default reply-to address, "" for none; refuses another service's or an archived one."""

    def load() -> str:
        addresses = (
            EmailReplyTo.objects.active().filter(service=service).exclude(verification_sent_at__isnull=False, verified_at=None)
        )
        if reply_to_id is None:
            return addresses.filter(is_default=True).values_list("email_address", flat=True).first() or ""
        address = addresses.filter(pk=reply_to_id).values_list("email_address", flat=True).first()
        if address is None:
            raise MessageRefused("email_reply_to", _NO_SENDER, sender_id=reply_to_id, service_id=service.pk)
        return address

    return cached(("reply_to", service.pk, reply_to_id), load)
