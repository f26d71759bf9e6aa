"""Texts that people send to a service's number."""

from collections.abc import Sequence

from django.db import transaction

from messaging.content.errors import InvalidRecipient
from messaging.enums import SuppressionReason
from messaging.models import InboundNumber, ReceivedText, Suppression
from messaging.providers.base import InboundText
from messaging.recipients import phone_recipient, recipient_hash
from messaging.signals import text_received
from notify.lib import clock
from services.enums import Channel, ServicePermission

# The word alone, as the networks read it.
STOP, START, HELP = "STOP", "START", "HELP"
_KEYWORDS = {
    "STOP": STOP,
    "STOPALL": STOP,
    "UNSUBSCRIBE": STOP,
    "CANCEL": STOP,
    "END": STOP,
    "QUIT": STOP,
    "START": START,
    "UNSTOP": START,
    "HELP": HELP,
    "INFO": HELP,
}


def receive_texts(texts: Sequence[InboundText]) -> list[ReceivedText]:
    """Store texts for the services whose numbers they were sent to, each once however often a provider tells it.

    A text to a number that no service has, or whose service may not receive texts, is dropped (reference: public-api §12.3).
    STOP puts the sender on the service's list of people not to text, START takes them off it again.
    """
    stored = []
    with transaction.atomic():
        for text in texts:
            number = _number(text.destination)
            if (
                number is None
                or number.service is None
                or not number.service.has_permission(ServicePermission.INBOUND_SMS)
            ):
                continue
            if received := _store(text, number):
                stored.append(received)
                text_received.send(sender=ReceivedText, received_text=received)
    return stored


def _number(destination: str) -> InboundNumber | None:
    """Our number, however the provider writes it."""
    digits = destination.strip().lstrip("+")
    forms = {destination.strip(), digits, f"+{digits}"}
    if digits.startswith("44"):
        forms.add("0" + digits[2:])
    elif digits.startswith("0"):
        forms |= {"44" + digits[1:], "+44" + digits[1:]}
    return InboundNumber.objects.select_related("service").filter(number__in=forms, is_active=True).first()


def _store(text: InboundText, number: InboundNumber) -> ReceivedText | None:
    if (
        text.reference
        and ReceivedText.objects.filter(provider=text.provider, provider_reference=text.reference[:255]).exists()
    ):
        return None
    try:
        sender = phone_recipient(text.source).normalised
    except InvalidRecipient:
        sender = text.source.strip()[:20]  # a short code or a name: shown, never answered
    user_hash = recipient_hash(sender)
    keyword = _KEYWORDS.get(text.message.strip().upper().rstrip(".!"), "")
    assert number.service is not None
    if keyword == STOP:
        Suppression.objects.bulk_create(
            [
                Suppression(
                    service=number.service,
                    channel=Channel.SMS,
                    recipient=sender,
                    recipient_hash=user_hash,
                    reason=SuppressionReason.STOP,
                )
            ],
            ignore_conflicts=True,
        )
    elif keyword == START:
        Suppression.objects.filter(
            service=number.service, channel=Channel.SMS, recipient_hash=user_hash, reason=SuppressionReason.STOP
        ).delete()
    return ReceivedText.objects.create(
        service=number.service,
        notify_number=number.number,
        user_number=sender.lstrip("+"),
        user_hash=user_hash,
        content=text.message.replace("\x00", ""),
        provider=text.provider,
        provider_reference=text.reference[:255],
        provider_date=text.at or clock.now(),
        keyword=keyword,
    )
