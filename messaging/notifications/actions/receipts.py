"""Applying what providers tell us: in batches, early, late, doubled or in the wrong order, to the right status once."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from messaging.notifications import slots
from messaging.notifications.actions.status import Move, move
from messaging.notifications.enums import QueueState, SuppressionReason
from messaging.notifications.models import Complaint, DeliveryAttempt, Notification, NotificationContent, SendQueue, Suppression
from messaging.providers.actions import receipt_inbox
from messaging.providers.base import Receipt, UnreadableBody
from messaging.providers.models import ReceiptInbox
from messaging.providers.registry import NoProvider, provider
from notify.lib import clock
from notify.lib.crypto import decrypt_json
from services.enums import Channel

logger = logging.getLogger(__name__)

BATCH = 1_000
# A receipt may overtake the answer that tells us its reference (reliability §3.3); after the last one it is given up.
EARLY_RETRIES = [timedelta(seconds=s) for s in (1, 5, 15, 60, 120, 180)]


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a batch: those not matched may be early and deserve another look."""

    moved: int
    unmatched: list[Receipt]


def apply_due(*, batch: int = BATCH) -> int:
    """Apply up to `batch` waiting bodies of the inbox; returns how many were looked at. Several workers may do it at once."""
    with transaction.atomic():
        rows = list(
            ReceiptInbox.objects.select_for_update(skip_locked=True)
            .filter(applied_at__isnull=True, next_attempt_at__lte=clock.now())
            .order_by("next_attempt_at")[:batch]
        )
        receipts: list[tuple[ReceiptInbox, Receipt]] = []
        for row in rows:
            row.attempts += 1
            row.problem = ""
            receipts += [(row, receipt) for receipt in _read(row)]
        unmatched = set(map(id, apply_receipts([receipt for _, receipt in receipts]).unmatched))
        waiting = {row.pk for row, receipt in receipts if id(receipt) in unmatched}
        for row in rows:
            _close(row, again=row.pk in waiting)
        ReceiptInbox.objects.bulk_update(rows, ["attempts", "problem", "applied_at", "next_attempt_at"])
    return len(rows)


def _read(row: ReceiptInbox) -> list[Receipt]:
    """The receipts of one body; received texts are stored here and now. What cannot be read stays with its reason."""
    try:
        source = provider(row.provider)
        if read := slots.inbox_readers.get(row.kind):
            read(source, row)
            return []
        return source.parse_receipts(receipt_inbox.raw_body(row), row.content_type)
    except (UnreadableBody, NoProvider) as error:
        row.problem = str(error)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        # A provider's own code met a body it did not expect; the batch goes on without it.
        logger.exception("The receipts of %s could not be read", row.provider)
        row.problem = f"The provider’s code broke: {type(error).__name__}"
    return []


def _close(row: ReceiptInbox, *, again: bool) -> None:
    moment = clock.now()
    if again and row.attempts <= len(EARLY_RETRIES):
        row.next_attempt_at = moment + EARLY_RETRIES[row.attempts - 1]
        return
    if again:
        row.problem = "There is no message with this reference"
    row.applied_at = moment


def apply_receipts(receipts: Sequence[Receipt]) -> Applied:
    """Move the messages of these receipts, in one transaction with their figures and callbacks.

    A receipt moves a status only forward: `delivered` stays when a late `pending` or a failure follows. A message that is
    just being handed over is left alone until that is written down, so that its price is not lost; such a receipt, and one
    whose reference nobody knows yet, is returned as unmatched.
    """
    if not receipts:
        return Applied(0, [])
    with transaction.atomic():
        known = _resolve(receipts)
        ids = {r.notification_id for r in known if r.notification_id}
        found = {n.pk: n for n in Notification.objects.filter(pk__in=ids)}
        busy = set(SendQueue.objects.filter(pk__in=ids, state=QueueState.CLAIMED).values_list("pk", flat=True))
        ready, unmatched = [], []
        for original, receipt in zip(receipts, known, strict=True):
            if receipt.notification_id not in found or receipt.notification_id in busy:
                unmatched.append(original)
            else:
                ready.append(receipt)
        moved = move(
            [
                Move(r.notification_id, r.status, at=r.at and min(r.at, clock.now()), detail=r.detail)
                for r in ready
                if r.notification_id and not r.complaint
            ]
        )
        _note_people(ready, found)
    return Applied(len(moved), unmatched)


def _resolve(receipts: Sequence[Receipt]) -> list[Receipt]:
    """The same receipts, with the message's id where only the provider's reference was told."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for receipt in receipts:
        if receipt.notification_id is None and receipt.reference:
            wanted[receipt.provider].add(receipt.reference)
    ids: dict[tuple[str, str], UUID] = {}
    for name, references in wanted.items():
        attempts = DeliveryAttempt.objects.filter(provider=name, provider_reference__in=references)
        ids |= {(name, a.provider_reference): a.notification_id for a in attempts}
    return [
        r if r.notification_id is not None else replace(r, notification_id=ids.get((r.provider, r.reference))) for r in receipts
    ]


def _note_people(receipts: Sequence[Receipt], found: dict[UUID, Notification]) -> None:
    """Hard bounces and complaints put the address on the service's list of people not to contact."""
    telling = [r for r in receipts if r.suppress and r.notification_id]
    if not telling:
        return
    contents = {
        c.pk: decrypt_json(c.sealed) for c in NotificationContent.objects.filter(pk__in=[r.notification_id for r in telling])
    }
    suppressions, complaints = [], []
    for receipt in telling:
        assert receipt.notification_id is not None
        notification = found[receipt.notification_id]
        if receipt.complaint:
            complaints.append(receipt)
        recipient = contents.get(notification.pk, {}).get("normalised")
        if recipient and notification.recipient_hash and notification.channel != Channel.LETTER:
            suppressions.append(
                Suppression(
                    service_id=notification.service_id,
                    channel=notification.channel,
                    recipient=recipient,
                    recipient_hash=bytes(notification.recipient_hash),
                    reason=SuppressionReason(receipt.suppress),
                    notification_id=notification.pk,
                )
            )
    Suppression.objects.bulk_create(suppressions, ignore_conflicts=True)
    _complain(complaints, found)


def _complain(receipts: Sequence[Receipt], found: dict[UUID, Notification]) -> None:
    """Keep complaints, each once however often it is told."""
    told = set(
        Complaint.objects.filter(notification_id__in=[r.notification_id for r in receipts]).values_list(
            "notification_id", flat=True
        )
    )
    for receipt in receipts:
        if receipt.notification_id and receipt.notification_id not in told:
            told.add(receipt.notification_id)
            Complaint.objects.create(
                service_id=found[receipt.notification_id].service_id,
                notification_id=receipt.notification_id,
                kind=receipt.detail[:30],
                provider_reference=receipt.reference[:255],
            )
