"""Handing claimed messages to their providers: in waves, each prepared, called and written down before the next.

The machine and its numbers are in docs/architecture.md, "The way of a message". A batch has one token; whatever happens to
the worker, only the holder of the token writes, and an attempt left open means that the outcome is unknown.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from messaging.enums import Status
from messaging.notifications.actions import claim as claims
from messaging.notifications.actions import outcomes, set_aside
from messaging.notifications.actions.claim import Claimed
from messaging.notifications.actions.prepare import Call, Prepared, prepare
from messaging.notifications.actions.simulate import simulate
from messaging.notifications.actions.status import Move, move
from messaging.notifications.constants import DISPATCH
from messaging.notifications.enums import Lane, QueueState
from messaging.notifications.models import DeliveryAttempt, Notification, SendQueue
from messaging.providers import registry
from messaging.providers.base import NotSent, Outgoing, Rejected, Result, Unknown
from notify.lib.wakeup import wake

logger = logging.getLogger(__name__)

# Provider calls at once in one batch, which is a wave.
CONCURRENCY = 16
# Answers that come within this time of each other are written together.
GROUP_SECONDS = 0.1


def send_due(*, turn: int = 0, upto: Lane = Lane.TEST) -> int:
    """Claim one batch of due messages and send it; returns how many were claimed."""
    token, rows = claims.claim(turn=turn, upto=upto)
    if rows:
        send_batch(rows, token)
    return len(rows)


def send_batch(rows: Sequence[Claimed], token: UUID) -> None:
    """Send what was claimed under a token, urgent lanes first. Must not run inside a transaction.

    Every wave begins with new leases for itself and what is left, so a slow provider never outlasts them; what another
    worker has taken over meanwhile is left to it.
    """
    rest = sorted(rows, key=lambda row: row.lane)
    while rest:
        ours = claims.renew([row.id for row in rest], token)
        rest = [row for row in rest if row.id in ours]
        wave, rest = rest[:CONCURRENCY], rest[CONCURRENCY:]
        if wave:
            _send_wave(wave, token)


def _send_wave(rows: Sequence[Claimed], token: UUID) -> None:
    prepared = prepare(rows)
    _settle(prepared, token)
    if prepared.accepted:
        outcomes.record(prepared.accepted, token)
    if prepared.calls:
        DeliveryAttempt.objects.bulk_create([call.attempt for call in prepared.calls])
        _call_and_record(prepared.calls, token)


def _settle(prepared: Prepared, token: UUID) -> None:
    """Deal with messages that need no provider now."""
    _fail(prepared.failed, token)
    if prepared.waiting:
        claims.release([i for i, _ in prepared.waiting], token, [d for _, d in prepared.waiting])
    if prepared.paused:
        claims.pause(prepared.paused, token)
    if prepared.simulated:
        _simulate(prepared.simulated, token)
    for row, reason in prepared.broken:
        set_aside.note_crash(row, token, reason=reason)


def _call_and_record(calls: Sequence[Call], token: UUID) -> None:
    """Call providers side by side and write their answers as they come, so that a slow one holds up no answer of another.

    The database connection is let go while the network is waited for.
    """
    connection.close_if_unusable_or_obsolete()
    if len(calls) == 1:
        outcomes.record([(calls[0], _call(calls[0].provider_name, calls[0].composed.outgoing))], token)
        return
    with ThreadPoolExecutor(max_workers=CONCURRENCY) as pool:
        running: dict[Future[Result], Call] = {
            pool.submit(_call, call.provider_name, call.composed.outgoing): call for call in calls
        }
        while running:
            wait(running, return_when=FIRST_COMPLETED)
            done, _ = wait(running, timeout=GROUP_SECONDS)
            outcomes.record([(running.pop(future), future.result()) for future in done], token)


def _call(name: str, outgoing: Outgoing) -> Result:
    try:
        return registry.send(name, outgoing)
    except Exception:  # a fault in a provider's code must not stop the batch
        logger.exception("Provider %s broke", name)
        return Unknown("The provider’s code broke")
    finally:
        connection.close_if_unusable_or_obsolete()


def _fail(moves: Sequence[Move], token: UUID) -> None:
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


def sweep() -> dict[str, int]:
    """What a worker that died left behind, and the end of unknown outcomes. Rings if anything is due.

    Returns what was found, for the platform's own figures.
    """
    expired = claims.expire_leases()
    again, unconfirmed = claims.resend_held()
    with transaction.atomic():
        # An answer that came meanwhile has taken its row back.
        held = SendQueue.objects.select_for_update().filter(pk__in=unconfirmed, state=QueueState.UNKNOWN)
        unconfirmed = list(held.values_list("pk", flat=True))
        move([Move(i, Status.TECHNICAL_FAILURE, detail="The provider never confirmed the message") for i in unconfirmed])
    crashed = set_aside.set_aside_crashed()
    if claims.due():
        wake(DISPATCH)
    return {"expired": expired, "resent": again, "unconfirmed": len(unconfirmed), "set_aside": crashed}


__all__ = ["Move", "NotSent", "Rejected", "Result", "move", "registry", "send_batch", "send_due", "sweep"]
