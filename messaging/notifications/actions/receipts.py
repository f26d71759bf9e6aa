"""Applying what providers tell us: in batches, early, late, doubled or in the wrong order, to the right status once."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from messaging.enums import Status
from messaging.notifications import slots
from messaging.notifications.actions.status import Move, move
from messaging.notifications.enums import QueueState, SuppressionReason
from messaging.notifications.models import Complaint, DeliveryAttempt, Notification, NotificationContent, SendQueue, Suppression
from messaging.providers.actions import receipt_inbox
from messaging.providers.actions.unlisted_statuses import count_unlisted
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


@dataclass(slots=True)
class Applied:
    """What became of a batch: those not matched may be early and deserve another look."""

    moved: int = 0
    unmatched: list[Receipt] = field(default_factory=list)
    # A provider spoke of a message that another one carried.
    foreign: list[Receipt] = field(default_factory=list)
    # What could not be applied, with the reason.
    broken: list[tuple[Receipt, str]] = field(default_factory=list)


def apply_due(*, batch: int = BATCH) -> int:
    """Apply up to `batch` waiting bodies of the inbox; returns how many were looked at. Several workers may do it at once.

    Each body stands alone: one that breaks keeps its reason, and hurts no other.
    """
    with transaction.atomic():
        rows = _waiting(batch)
        receipts: list[tuple[ReceiptInbox, Receipt]] = []
        for row in rows:
            row.attempts += 1
            row.problem = ""
            receipts += [(row, receipt) for receipt in _read(row)]
        count_unlisted((r.provider, r.unlisted) for row, r in receipts if r.unlisted and row.attempts == 1)
        applied = _apply_or_single_out([receipt for _, receipt in receipts])
        owners = {id(receipt): row for row, receipt in receipts}
        again = {owners[id(receipt)].pk for receipt in applied.unmatched}
        for receipt in applied.foreign:
            owners[id(receipt)].problem = "Another provider carried this message"
        for receipt, reason in applied.broken:
            owners[id(receipt)].problem = reason
        for row in rows:
            _close(row, again=row.pk in again)
        ReceiptInbox.objects.bulk_update(rows, ["attempts", "problem", "applied_at", "next_attempt_at"])
    return len(rows)


def _waiting(batch: int) -> list[ReceiptInbox]:
    """The bodies that are due, locked, in the order in which they came: the first final status counts."""
    rows = (
        ReceiptInbox.objects.select_for_update(skip_locked=True)
        .filter(applied_at__isnull=True, next_attempt_at__lte=clock.now())
        .order_by("next_attempt_at")[:batch]
    )
    return sorted(rows, key=lambda row: (row.received_at, row.pk))


def _read(row: ReceiptInbox) -> list[Receipt]:
    """The receipts of one body; received texts are stored here and now. What cannot be read stays with its reason."""
    try:
        with transaction.atomic():
            source = provider(row.provider)
            if read := slots.inbox_readers.get(row.kind):
                row.problem = read(source, row)
                return []
            return source.parse_receipts(receipt_inbox.raw_body(row), row.content_type)
    except (UnreadableBody, NoProvider) as error:
        row.problem = str(error)
    except Exception as error:
        # A provider's code or ours met a body it did not expect; the batch goes on without it.
        logger.exception("receipt.broken provider=%s inbox=%s", row.provider, row.pk)
        row.problem = f"The code that reads it broke: {type(error).__name__}"
    return []


def _apply_or_single_out(receipts: Sequence[Receipt]) -> Applied:
    """Apply a batch at once; if that breaks, each receipt for itself, so that only the one that is at fault is left out."""
    try:
        with transaction.atomic():
            return apply_receipts(receipts)
    except Exception:
        logger.exception("receipt.batch_broken receipts=%s", len(receipts))
    total = Applied()
    for receipt in receipts:
        try:
            with transaction.atomic():
                one = apply_receipts([receipt])
        except Exception as error:
            logger.exception("receipt.broken provider=%s", receipt.provider)
            total.broken.append((receipt, f"It could not be applied: {type(error).__name__}"))
        else:
            total.moved += one.moved
            total.unmatched += one.unmatched
            total.foreign += one.foreign
    return total


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
    whose reference nobody knows yet, is returned as unmatched. A receipt of a provider that did not carry the message, and
    a word that is not listed, change nothing.
    """
    listed = [receipt for receipt in receipts if receipt.status is not None]
    if not listed:
        return Applied()
    with transaction.atomic():
        known = _resolve(listed)
        ids = {r.notification_id for r in known if r.notification_id}
        found = {n.pk: n for n in Notification.objects.filter(pk__in=ids)}
        busy = set(SendQueue.objects.filter(pk__in=ids, state=QueueState.CLAIMED).values_list("pk", flat=True))
        tried = set(DeliveryAttempt.objects.filter(notification_id__in=ids).values_list("notification_id", "provider"))
        applied, ready = Applied(), []
        for original, receipt in zip(listed, known, strict=True):
            if receipt.notification_id not in found or receipt.notification_id in busy:
                applied.unmatched.append(original)
            elif not _may_speak(receipt, found[receipt.notification_id], tried):
                applied.foreign.append(original)
            else:
                ready.append(receipt)
        applied.moved = len(move([_move_of(r) for r in ready if not r.complaint]))
        _note_people(ready, found)
    return applied


def _may_speak(receipt: Receipt, notification: Notification, tried: set[tuple[UUID, str]]) -> bool:
    """Whether a provider carried the message last, or had it before and says that it arrived after all."""
    if notification.provider in ("", receipt.provider):
        return True
    return receipt.status == Status.DELIVERED and (notification.pk, receipt.provider) in tried


def _move_of(receipt: Receipt) -> Move:
    assert receipt.notification_id is not None
    assert receipt.status is not None
    at = receipt.at and min(receipt.at, clock.now())
    return Move(receipt.notification_id, receipt.status, at=at, detail=receipt.detail)


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
