"""Writing down what endpoints are to be told, in the transaction of the change itself."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from callbacks import payloads
from callbacks.constants import DELIVER
from callbacks.enums import CALLBACK_STATUSES, Kind, OffReason
from callbacks.models import CallbackDelivery, CallbackEndpoint
from messaging.enums import Status
from messaging.inbound.models import ReceivedText
from messaging.letters.models import ReturnedLetter
from messaging.notifications.actions.status import StatusChange
from messaging.notifications.models import NotificationContent
from notify.lib import clock
from notify.lib.crypto import decrypt_json, encrypt_json
from notify.lib.ids import uuid7
from notify.lib.wakeup import wake_on_commit
from services.enums import Channel

# Before a provider has a message, a technical failure is our own: it is shown, but not called back (public-api §12.2).
_BEFORE_PROVIDER = {Status.PENDING_VIRUS_CHECK, Status.CREATED}
REFERENCE_LENGTH = 255


def tell_statuses(changes: Sequence[StatusChange]) -> int:
    """Write the callbacks of a batch of status changes; returns how many. One query where nobody wants to know."""
    wanted = [change for change in changes if _is_told(change)]
    endpoints = _endpoints(Kind.DELIVERY_STATUS, {change.service_id for change in wanted})
    pairs = [
        (endpoint, change)
        for change in wanted
        for endpoint in endpoints.get(change.service_id, ())
        if _passes(endpoint, change)
    ]
    if not pairs:
        return 0
    ids = {change.notification_id for _, change in pairs}
    sealed = NotificationContent.objects.filter(pk__in=ids).values_list("pk", "sealed")
    recipients = {pk: str(decrypt_json(content).get("to", "")).strip() for pk, content in sealed}
    moment = clock.now()
    return _write(
        _row(
            endpoint,
            subject_id=change.notification_id,
            status=change.new.label,
            channel=change.channel,
            reference=change.client_reference,
            payload=payloads.delivery_status(change, recipients.get(change.notification_id, "")),
            moment=moment,
        )
        for endpoint, change in pairs
    )


def _is_told(change: StatusChange) -> bool:
    if change.channel == Channel.LETTER or change.new.label not in CALLBACK_STATUSES:
        return False
    return not (change.new == Status.TECHNICAL_FAILURE and change.old in _BEFORE_PROVIDER)


def _passes(endpoint: CallbackEndpoint, change: StatusChange) -> bool:
    """Whether an endpoint's own filters let a change through."""
    return (not endpoint.statuses or change.new.label in endpoint.statuses) and (
        not endpoint.key_types or change.key_type in endpoint.key_types
    )


def tell_text(text: ReceivedText) -> int:
    """Write the callbacks of a received text."""
    endpoints = _endpoints(Kind.RECEIVED_TEXT, {text.service_id}).get(text.service_id, [])
    return _write(
        _row(
            endpoint,
            subject_id=text.pk,
            channel=Channel.SMS,
            payload=payloads.received_text(text),
            moment=clock.now(),
        )
        for endpoint in endpoints
    )


def tell_returned(letters: Sequence[ReturnedLetter]) -> int:
    """Write the callbacks of letters that came back."""
    endpoints = _endpoints(Kind.RETURNED_LETTER, {letter.service_id for letter in letters})
    told = [letter for letter in letters if letter.service_id in endpoints]
    if not told:
        return 0
    facts = payloads.returned_letters(told)
    moment = clock.now()
    return _write(
        _row(
            endpoint,
            subject_id=letter.notification_id,
            channel=Channel.LETTER,
            reference=facts[letter.notification_id]["reference"],
            payload=facts[letter.notification_id],
            moment=moment,
        )
        for letter in told
        if letter.notification_id in facts
        for endpoint in endpoints[letter.service_id]
    )


def _endpoints(kind: Kind, service_ids: set[UUID]) -> dict[UUID, list[CallbackEndpoint]]:
    """The endpoints to write for, by service. One the platform switched off keeps getting rows, for when it is back."""
    found: dict[UUID, list[CallbackEndpoint]] = defaultdict(list)
    if service_ids:
        listening = Q(is_on=True) | ~Q(off_reason=OffReason.PERSON)
        for endpoint in CallbackEndpoint.objects.filter(listening, service_id__in=service_ids, kind=kind):
            found[endpoint.service_id].append(endpoint)
        kept = _keep([endpoint.pk for endpoints in found.values() for endpoint in endpoints])
        return {service: [e for e in endpoints if e.pk in kept] for service, endpoints in found.items()}
    return found


def _keep(ids: Sequence[UUID]) -> set[UUID]:
    """Hold endpoints in place until the transaction ends: one removed meanwhile would make the change itself fail."""
    if not ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM callbacks_callbackendpoint WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE", [list(ids)])
        return {row[0] for row in cursor.fetchall()}


def _row(
    endpoint: CallbackEndpoint,
    *,
    subject_id: UUID,
    channel: str,
    payload: dict[str, Any],
    moment: datetime,
    status: str = "",
    reference: str | None = None,
) -> CallbackDelivery:
    return CallbackDelivery(
        id=uuid7(),
        endpoint=endpoint,
        service_id=endpoint.service_id,
        subject_id=subject_id,
        status=status,
        channel=channel,
        reference=(reference or "")[:REFERENCE_LENGTH],
        payload=encrypt_json(payload),
        created_at=moment,
        next_attempt_at=moment,
    )


def _write(rows: Iterable[CallbackDelivery]) -> int:
    written = CallbackDelivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    if written:
        wake_on_commit(DELIVER)
    return len(written)
