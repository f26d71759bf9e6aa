"""Taking work from the send queue: fairly across services, with a lease, without waiting for other workers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from messaging.notifications.enums import Lane, QueueState

# Longer than the slowest provider call may take (reliability §3.1).
LEASE = timedelta(seconds=90)
# How long a message with an unknown outcome waits for a receipt before it is tried again, and how often (reliability §3.3).
HOLD = timedelta(seconds=120)
MAX_RESENDS = 2

BATCH = 200
PER_SERVICE = 50
# Every tenth claim starts at the bulk lane, so that a busy platform still sends its spreadsheets.
BULK_TURN = 10


@dataclass(frozen=True, slots=True)
class Claimed:
    """A queue row this worker holds until its lease ends."""

    id: UUID
    service_id: UUID
    channel: str
    lane: int
    attempts: int
    resends: int


# The list of services is a skip-scan over (lane, service); `= ANY(ARRAY(...))` keeps the plan from flipping to a full scan.
_CLAIM = """
WITH RECURSIVE walk AS (
    (SELECT lane, service_id FROM notifications_sendqueue WHERE lane >= %(lane)s ORDER BY lane, service_id LIMIT 1)
    UNION ALL
    SELECT n.lane, n.service_id FROM walk w CROSS JOIN LATERAL (
        SELECT lane, service_id FROM notifications_sendqueue q
        WHERE (q.lane, q.service_id) > (w.lane, w.service_id) ORDER BY lane, service_id LIMIT 1
    ) n
), picked AS (
    SELECT q.id FROM walk w CROSS JOIN LATERAL (
        SELECT id FROM notifications_sendqueue q
        WHERE q.lane = w.lane AND q.service_id = w.service_id AND q.not_before <= now() AND q.state = 0
        ORDER BY q.not_before LIMIT %(per_service)s FOR UPDATE SKIP LOCKED
    ) q LIMIT %(batch)s
)
UPDATE notifications_sendqueue SET
    state = 1, claim = %(claim)s, attempts = attempts + 1,
    lease_until = now() + %(lease)s, not_before = now() + %(lease)s
WHERE id = ANY(ARRAY(SELECT id FROM picked))
RETURNING id, service_id, channel, lane, attempts, resends
"""


def claim(*, turn: int = 0, batch: int = BATCH) -> tuple[UUID, list[Claimed]]:
    """Take up to `batch` due messages, at most PER_SERVICE of one service, urgent lanes first.

    Returns the token that finishing asks for, and the rows. The caller must not be inside a transaction: the claim is
    committed before anything is sent.
    """
    token = uuid4()
    lane = Lane.BULK if turn % BULK_TURN == BULK_TURN - 1 else Lane.PLATFORM
    values: dict[str, Any] = {
        "lane": int(lane),
        "per_service": PER_SERVICE,
        "batch": batch,
        "claim": token,
        "lease": LEASE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        return token, [Claimed(*row) for row in cursor.fetchall()]


def release(ids: Sequence[UUID], token: UUID, delays: Sequence[timedelta]) -> None:
    """Put messages that were certainly not sent back into the queue, each for after its delay."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_sendqueue q SET state = 0, claim = NULL, lease_until = NULL, not_before = now() + i.delay "
            "FROM unnest(%s::uuid[], %s::interval[]) AS i(id, delay) WHERE q.id = i.id AND q.claim = %s",
            [list(ids), list(delays), token],
        )


def hold(ids: Sequence[UUID], token: UUID) -> None:
    """The provider may have these: wait for its receipt before trying again."""
    values: list[Any] = [HOLD, list(ids), token]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_sendqueue SET state = 2, claim = NULL, lease_until = NULL, not_before = now() + %s "
            "WHERE id = ANY(%s::uuid[]) AND claim = %s",
            values,
        )


def owned(ids: Sequence[UUID], token: UUID) -> set[UUID]:
    """Delete the queue rows this token still holds, inside the caller's transaction; returns their ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM notifications_sendqueue WHERE id = ANY(%s::uuid[]) AND claim = %s RETURNING id", [list(ids), token]
        )
        return {row[0] for row in cursor.fetchall()}


def expire_leases() -> int:
    """Rows whose worker went away: those with an open call may have been sent, so they are held; the rest go back at once."""
    values: list[Any] = [HOLD]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE notifications_sendqueue q SET claim = NULL, lease_until = NULL,
                state = CASE WHEN o.id IS NULL THEN 0 ELSE 2 END,
                not_before = CASE WHEN o.id IS NULL THEN now() ELSE now() + %s END
            FROM (
                SELECT s.id AS queue_id, (
                    SELECT a.id FROM notifications_deliveryattempt a
                    WHERE a.notification_id = s.id AND a.outcome = 'open' AND a.number = s.attempts LIMIT 1
                ) AS id
                FROM notifications_sendqueue s WHERE s.state = 1 AND s.lease_until < now() LIMIT 500 FOR UPDATE SKIP LOCKED
            ) o
            WHERE q.id = o.queue_id
            """,
            values,
        )
        return int(cursor.rowcount)


def resend_held() -> tuple[int, list[UUID]]:
    """End the waiting of unknown outcomes: up to MAX_RESENDS go back into the queue; the ids of the others are returned."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_sendqueue SET state = 0, resends = resends + 1 "
            "WHERE state = 2 AND not_before <= now() AND resends < %s",
            [MAX_RESENDS],
        )
        again = int(cursor.rowcount)
        cursor.execute(
            "SELECT id FROM notifications_sendqueue WHERE state = 2 AND not_before <= now() AND resends >= %s LIMIT 500",
            [MAX_RESENDS],
        )
        return again, [row[0] for row in cursor.fetchall()]


def due() -> bool:
    """Whether anything waits to be claimed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM notifications_sendqueue WHERE state = %s AND not_before <= now())",
            [int(QueueState.READY)],
        )
        return bool(cursor.fetchone()[0])
