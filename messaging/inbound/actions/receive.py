"""Texts that people send to a service's number."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction

from content.errors import InvalidRecipient
from messaging.inbound.actions.keywords import START, STOP, answer, keyword_in
from messaging.inbound.models import InboundNumber, ReceivedText
from messaging.inbound.signals import text_received
from messaging.notifications.enums import SuppressionReason
from messaging.notifications.models import Suppression
from messaging.notifications.rules.recipients import phone_recipient, recipient_hash
from messaging.providers.base import InboundText
from notify.lib import clock
from notify.lib.ids import uuid7_floor
from services.enums import Channel, ServicePermission
from services.models import Service
from services.rules import retention_days

logger = logging.getLogger(__name__)


class TextsNotStored(Exception):  # noqa: N818 - an answer, not a fault
    """Some texts of a body could not be stored; the others are."""


def receive_texts(texts: Sequence[InboundText]) -> list[ReceivedText]:
    """Store texts for the services whose numbers they were sent to, each once however often a provider tells it.

    A text to a number that no service has, or whose service may not receive texts, is dropped (reference: public-api §12.3).
    STOP puts the sender on the service's list of people not to text, START takes them off it again. Each text stands alone:
    refuses with TextsNotStored after the last one when some could not be stored.
    """
    stored, problems = [], []
    for text in texts:
        try:
            with transaction.atomic():
                received = _receive(text)
        except Exception as error:
            logger.exception("received_text.broken provider=%s", text.provider)
            problems.append(type(error).__name__)
            continue
        if received:
            stored.append(received)
    if problems:
        raise TextsNotStored(f"{len(problems)} of {len(texts)} texts could not be stored: {', '.join(sorted(set(problems)))}")
    return stored


def _receive(text: InboundText) -> ReceivedText | None:
    """One text; None for one that is dropped or here already."""
    number = _number(text.destination)
    if number is None or number.service is None or not number.service.has_permission(ServicePermission.INBOUND_SMS):
        return None
    received = _store(text, number)
    if received:
        text_received.send(sender=ReceivedText, received_text=received)
    return received


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
    """Keep a text and obey its keyword; None when it is here already."""
    try:
        sender = phone_recipient(text.source).normalised
    except InvalidRecipient:
        sender = text.source.strip()[:20]  # a short code or a name: shown, never answered
    assert number.service is not None
    try:
        with transaction.atomic():
            received = ReceivedText.objects.create(
                service=number.service,
                notify_number=number.number,
                user_number=sender.lstrip("+"),
                user_hash=recipient_hash(sender),
                content=text.message,
                provider=text.provider,
                provider_reference=text.reference[:255],
                provider_date=text.at or clock.now(),
                keyword=keyword_in(text.message),
            )
    except IntegrityError:
        return None
    if received.keyword:
        _obey(received, number, sender)
    return received


def _obey(received: ReceivedText, number: InboundNumber, sender: str) -> None:
    """STOP and START change the list of people not to text; every keyword is answered."""
    stopped = Suppression.objects.filter(
        service=received.service, channel=Channel.SMS, recipient_hash=received.user_hash, reason=SuppressionReason.STOP
    )
    if received.keyword == START:
        stopped.delete()
    # After START is obeyed and before STOP is, so that the answer itself may be sent.
    if sender.startswith("+"):
        _answer(received, number, sender)
    if received.keyword == STOP:
        Suppression.objects.bulk_create(
            [
                Suppression(
                    service=received.service,
                    channel=Channel.SMS,
                    recipient=sender,
                    recipient_hash=received.user_hash,
                    reason=SuppressionReason.STOP,
                )
            ],
            ignore_conflicts=True,
        )


def _answer(received: ReceivedText, number: InboundNumber, sender: str) -> None:
    """A keyword is obeyed even when its answer cannot be sent."""
    try:
        with transaction.atomic():
            answer(received, number=number, to=sender)
    except Exception:
        logger.exception("received_text.not_answered service=%s", received.service_id)


def purge_old_texts() -> int:
    """Delete received texts past their service's retention of texts; returns how many."""
    deleted = 0
    for service in Service.objects.filter(received_texts__isnull=False).distinct():
        since = clock.now() - timedelta(days=retention_days(service, Channel.SMS))
        deleted += ReceivedText.objects.filter(service=service, pk__lt=uuid7_floor(since)).delete()[0]
    return deleted
