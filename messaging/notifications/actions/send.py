"""Handing claimed messages to their providers: load, render, let go of the database, call, write once.

The machine and its numbers are in docs/architecture.md, "The way of a message". A batch has one token; whatever happens to
the worker, only the holder of the token writes, and an attempt left open means that the outcome is unknown.
"""

import logging
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from messaging.enums import Status
from messaging.notifications.actions import claim as claims
from messaging.notifications.actions.claim import Claimed
from messaging.notifications.actions.compose import Composed, NotSendable, compose
from messaging.notifications.actions.simulate import simulate
from messaging.notifications.actions.status import Move, move
from messaging.notifications.constants import DISPATCH
from messaging.notifications.models import DeliveryAttempt, Inflight, Notification, NotificationContent, SendQueue
from messaging.notifications.queries.pricing import sms_rate
from messaging.providers import registry
from messaging.providers.base import Accepted, NotSent, Outgoing, Rejected, Result, Unknown
from messaging.providers.registry import NoProvider, choose
from notify.lib import clock
from notify.lib.crypto import decrypt_json
from notify.lib.ids import uuid7
from notify.lib.wakeup import wake
from services.enums import Channel, KeyType

logger = logging.getLogger(__name__)

# Provider calls at once in one batch.
CONCURRENCY = 16
# After a provider certainly did not take a message: at once elsewhere, then slower (reliability §3.3).
BACKOFF = [0, 5, 15, 30, 60, 120]
BACKOFF_THEN = 300
JITTER = 0.2


@dataclass(frozen=True, slots=True)
class Call:
    """A message on its way to a provider."""

    row: Claimed
    notification: Notification
    composed: Composed
    provider_name: str
    attempt: DeliveryAttempt


def send_due(*, turn: int = 0) -> int:
    """Claim one batch of due messages and send it; returns how many were claimed."""
    token, rows = claims.claim(turn=turn)
    if rows:
        send_batch(rows, token)
    return len(rows)


def send_batch(rows: Sequence[Claimed], token: UUID) -> None:
    """Send what was claimed under a token. Must not run inside a transaction."""
    ids = [row.id for row in rows]
    notifications = {n.pk: n for n in Notification.objects.filter(pk__in=ids)}
    contents = {c.pk: decrypt_json(c.sealed) for c in NotificationContent.objects.filter(pk__in=ids)}
    calls: list[Call] = []
    failed: list[Move] = []
    simulated: list[tuple[Notification, dict[str, Any]]] = []
    waiting: list[tuple[UUID, timedelta]] = []
    for row in rows:
        notification, content = notifications.get(row.id), contents.get(row.id)
        if notification is None or content is None:
            failed.append(Move(row.id, Status.TECHNICAL_FAILURE, detail="The message was deleted before it was sent"))
            continue
        try:
            composed = compose(notification, content)
            if notification.key_type == KeyType.TEST:
                simulated.append((notification, content))
                continue
            name = choose(notification.channel, international=notification.international, attempt=row.attempts)
        except NotSendable as error:
            failed.append(Move(row.id, error.status, detail=str(error)))
            continue
        except NoProvider as error:
            waiting.append((row.id, backoff(row.attempts)))
            logger.warning("%s", error)
            continue
        calls.append(Call(row, notification, composed, name, _attempt(row, name)))
    _settle(failed, token)
    if waiting:
        claims.release([i for i, _ in waiting], token, [d for _, d in waiting])
    if simulated:
        _simulate(simulated, token)
    if calls:
        DeliveryAttempt.objects.bulk_create([call.attempt for call in calls])
        results = _call_all(calls)
        _finish(calls, results, token)


def _attempt(row: Claimed, provider_name: str) -> DeliveryAttempt:
    return DeliveryAttempt(
        id=uuid7(), notification_id=row.id, number=row.attempts, provider=provider_name, started_at=clock.now()
    )


def _call_all(calls: Sequence[Call]) -> list[Result]:
    """Every provider's answer, in order. The database connection is let go while the network is waited for."""
    connection.close_if_unusable_or_obsolete()
    if len(calls) == 1:
        return [_call(calls[0].provider_name, calls[0].composed.outgoing)]
    with ThreadPoolExecutor(max_workers=min(CONCURRENCY, len(calls))) as pool:
        return list(pool.map(lambda call: _call(call.provider_name, call.composed.outgoing), calls))


def _call(name: str, outgoing: Outgoing) -> Result:
    try:
        return registry.send(name, outgoing)
    except Exception:  # a fault in a provider's code must not stop the batch
        logger.exception("Provider %s broke", name)
        return Unknown("The provider’s code broke")
    finally:
        connection.close_if_unusable_or_obsolete()


def _finish(calls: Sequence[Call], results: Sequence[Result], token: UUID) -> None:
    """Write down what the providers said, in one transaction guarded by the token."""
    moment = clock.now()
    moves: list[Move] = []
    settled: list[UUID] = []
    again: list[tuple[UUID, timedelta]] = []
    unknown: list[Move] = []
    for call, result in zip(calls, results, strict=True):
        _close(call.attempt, result)
        match result:
            case Accepted():
                settled.append(call.row.id)
                moves.append(_sent(call))
            case Rejected():
                settled.append(call.row.id)
                moves.append(Move(call.row.id, Status.TECHNICAL_FAILURE, detail=result.reason, provider=call.provider_name))
            case NotSent():
                again.append((call.row.id, result_delay(result, call.row.attempts)))
            case _:
                unknown.append(_perhaps_sent(call))
    with transaction.atomic():
        DeliveryAttempt.objects.bulk_update(
            [call.attempt for call in calls], ["provider_reference", "finished_at", "outcome", "detail"]
        )
        ours = claims.owned(settled, token)
        in_flight = [m for m in moves if m.id in ours and not m.status.is_final]
        Inflight.objects.bulk_create(
            [Inflight(id=m.id, service_id=call.row.service_id, sent_at=moment) for m, call in _pairs(in_flight, calls)],
            ignore_conflicts=True,
        )
        move([m for m in moves if m.id in ours])
        if again:
            _retry_or_give_up(again, token)
        if unknown:
            claims.hold([m.id for m in unknown], token)
            move(unknown)


def _pairs(moves: Sequence[Move], calls: Sequence[Call]) -> list[tuple[Move, Call]]:
    by_id = {call.row.id: call for call in calls}
    return [(m, by_id[m.id]) for m in moves]


def _sent(call: Call) -> Move:
    """A text abroad is `sent`, because no receipt may ever come; the rest is `sending` (reference: public-api §9.2)."""
    abroad = call.notification.channel == Channel.SMS and call.notification.international
    return Move(
        call.row.id,
        Status.SENT if abroad else Status.SENDING,
        provider=call.provider_name,
        sent_at=clock.now(),
        billable_units=call.composed.units,
        cost=cost_of(call.notification, call.composed),
    )


def _perhaps_sent(call: Call) -> Move:
    """An unknown outcome keeps its status, and its price for the receipt that may say it was sent after all."""
    return replace(_sent(call), status=Status.CREATED, sent_at=None)


def cost_of(notification: Notification, composed: Composed) -> Decimal:
    """Pounds before any free allowance: fragments × multiplier × rate of the day for texts; letters bring their own."""
    if notification.channel == Channel.SMS:
        return composed.units * notification.rate_multiplier * sms_rate(clock.local_day())
    return composed.cost


def _close(attempt: DeliveryAttempt, result: Result) -> None:
    outcomes = {
        Accepted: DeliveryAttempt.Outcome.ACCEPTED,
        NotSent: DeliveryAttempt.Outcome.NOT_SENT,
        Rejected: DeliveryAttempt.Outcome.REJECTED,
    }
    attempt.finished_at = clock.now()
    attempt.outcome = outcomes.get(type(result), DeliveryAttempt.Outcome.UNKNOWN)
    if isinstance(result, Accepted):
        attempt.provider_reference = (result.provider_reference or "")[:255]
    else:
        attempt.detail = result.reason[:255]


def _retry_or_give_up(again: Sequence[tuple[UUID, timedelta]], token: UUID) -> None:
    """Messages past their time become technical failures; the others wait for their next try."""
    over = set(
        SendQueue.objects.filter(pk__in=[i for i, _ in again], claim=token, give_up_at__lt=clock.now()).values_list(
            "pk", flat=True
        )
    )
    rest = [(i, d) for i, d in again if i not in over]
    claims.release([i for i, _ in rest], token, [d for _, d in rest])
    gone = claims.owned(list(over), token)
    move([Move(i, Status.TECHNICAL_FAILURE, detail="No provider took the message in time") for i in gone])


def _settle(moves: Sequence[Move], token: UUID) -> None:
    if moves:
        with transaction.atomic():
            ours = claims.owned([m.id for m in moves], token)
            move([m for m in moves if m.id in ours])


def _simulate(simulated: Sequence[tuple[Notification, dict[str, Any]]], token: UUID) -> None:
    """Test keys: nothing leaves the building, and the receipt follows at once (reference: public-api §9.3)."""
    with transaction.atomic():
        ours = claims.owned([n.pk for n, _ in simulated], token)
        for step in simulate([(n, content) for n, content in simulated if n.pk in ours]):
            move(step)


def backoff(attempts: int) -> timedelta:
    """How long to wait after the n-th try, with jitter so that a provider's return is not a stampede."""
    seconds = BACKOFF[attempts - 1] if attempts <= len(BACKOFF) else BACKOFF_THEN
    return timedelta(seconds=seconds * random.uniform(1 - JITTER, 1 + JITTER))


def result_delay(result: NotSent, attempts: int) -> timedelta:
    """The provider's own wish wins over our schedule."""
    if result.retry_after is not None:
        return timedelta(seconds=min(max(result.retry_after, 1), 3600))
    return backoff(attempts)


def sweep() -> dict[str, int]:
    """What a worker that died left behind, and the end of unknown outcomes. Rings if anything is due.

    Returns what was found, for the platform's own figures.
    """
    expired = claims.expire_leases()
    again, unconfirmed = claims.resend_held()
    with transaction.atomic():
        SendQueue.objects.filter(pk__in=unconfirmed, resends=F("resends")).delete()
        move([Move(i, Status.TECHNICAL_FAILURE, detail="The provider never confirmed the message") for i in unconfirmed])
    if claims.due():
        wake(DISPATCH)
    return {"expired": expired, "resent": again, "unconfirmed": len(unconfirmed)}
