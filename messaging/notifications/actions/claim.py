"""Taking work from the send queue: fairly across services, with a lease, without waiting for other workers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from messaging.notifications.actions.store import GIVE_UP_AFTER_DEFAULT
from messaging.notifications.enums import Lane, QueueState

# Longer than the slowest provider call and the writing of its answer; renewed before every wave of calls (reliability §3.1).
LEASE = timedelta(seconds=90)
# How long a message with an unknown outcome waits for a receipt before it is tried again, and how often (reliability §3.3).
HOLD = timedelta(seconds=120)
MAX_RESENDS = 2
# After so many claims that ended in a crash the message itself is the likely cause, and it is set aside.
MAX_CRASHES = 3
# From the second on it is claimed alone, so that what shared its fate by chance is told apart.
ALONE_FROM = 2

BATCH = 64
PER_SERVICE = 32
# Less of what is in no hurry, so that its worker soon looks again for what is.
PER_SERVICE_BULK = 16
# Every tenth claim starts at the bulk lane, so that a busy platform still sends its spreadsheets.
BULK_TURN = 10
# Every fourth claim takes such a message, if there is one.
CRASHED_TURN = 4


@dataclass(frozen=True, slots=True)
class Claimed:
    """A queue row this worker holds until its lease ends."""

    id: UUID
    service_id: UUID
    channel: str
    lane: int
    attempts: int
    resends: int
    crashes: int
    is_late: bool


# The time to give up counts from the first try where a message may have to queue for long, else from its acceptance.
_TAKE = f"""
UPDATE notifications_sendqueue SET
    state = 1, claim = %(claim)s, attempts = attempts + 1,
    lease_until = now() + %(lease)s, not_before = now() + %(lease)s,
    give_up_at = CASE WHEN attempts = 0 AND lane >= {int(Lane.NORMAL)}
        THEN GREATEST(give_up_at, now() + %(give_up_after)s) ELSE give_up_at END
WHERE id = ANY(ARRAY(SELECT id FROM picked))
RETURNING id, service_id, channel, lane, attempts, resends, crashes, give_up_at <= now()
"""

# The list of services is a skip-scan over (lane, service); each claim takes the services of a lane in another order, so that
# one that is full leaves out different ones. `= ANY(ARRAY(...))` keeps the plan from flipping to a full scan.
_CLAIM = f"""
WITH RECURSIVE walk AS (
    (SELECT lane, service_id FROM notifications_sendqueue WHERE lane >= %(lane)s AND lane <= %(upto)s
     ORDER BY lane, service_id LIMIT 1)
    UNION ALL
    SELECT n.lane, n.service_id FROM walk w CROSS JOIN LATERAL (
        SELECT lane, service_id FROM notifications_sendqueue q
        WHERE (q.lane, q.service_id) > (w.lane, w.service_id) AND q.lane <= %(upto)s ORDER BY lane, service_id LIMIT 1
    ) n
), picked AS (
    SELECT q.id FROM (
        SELECT lane, service_id FROM walk ORDER BY lane, random()
    ) w CROSS JOIN LATERAL (
        SELECT id FROM notifications_sendqueue q
        WHERE q.lane = w.lane AND q.service_id = w.service_id AND q.not_before <= now()
            AND q.state = 0 AND q.crashes < %(alone_from)s
        ORDER BY q.not_before
        LIMIT CASE WHEN w.lane >= {int(Lane.BULK)} THEN %(per_service_bulk)s ELSE %(per_service)s END
        FOR UPDATE SKIP LOCKED
    ) q LIMIT %(batch)s
)
{_TAKE}
"""

_CLAIM_CRASHED = f"""
WITH picked AS (
    SELECT id FROM notifications_sendqueue
    WHERE crashes > 0 AND crashes >= %(alone_from)s AND crashes < %(max_crashes)s
        AND state = 0 AND not_before <= now() AND lane <= %(upto)s
    ORDER BY lane, not_before LIMIT 1 FOR UPDATE SKIP LOCKED
)
{_TAKE}
"""


def claim(*, turn: int = 0, batch: int = BATCH, upto: Lane = Lane.TEST) -> tuple[UUID, list[Claimed]]:
    """Take up to `batch` due messages of the lanes up to `upto`, at most PER_SERVICE of one service, urgent lanes first.

    A message that crashed time after time comes alone. Returns the token that finishing asks for, and the rows. The caller must
    not be inside a transaction: the claim is committed before anything is sent.
    """
    token = uuid4()
    values: dict[str, Any] = {
        "lane": int(Lane.BULK if turn % BULK_TURN == BULK_TURN - 1 and upto >= Lane.BULK else Lane.PLATFORM),
        "upto": int(upto),
        "per_service": PER_SERVICE,
        "per_service_bulk": PER_SERVICE_BULK,
        "batch": batch,
        "alone_from": ALONE_FROM,
        "max_crashes": MAX_CRASHES,
        "claim": token,
        "lease": LEASE,
        "give_up_after": GIVE_UP_AFTER_DEFAULT,
    }
    statements = [_CLAIM, _CLAIM_CRASHED]
    if turn % CRASHED_TURN == CRASHED_TURN - 2:
        statements.reverse()
    for statement in statements:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            if rows := [Claimed(*row) for row in cursor.fetchall()]:
                return token, rows
    return token, []


def renew(ids: Sequence[UUID], token: UUID) -> set[UUID]:
    """Begin the leases of these messages anew; returns those that this token still holds: only they may be sent."""
    values: list[Any] = [LEASE, LEASE, list(ids), token]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_sendqueue SET lease_until = now() + %s, not_before = now() + %s "
            "WHERE id = ANY(%s::uuid[]) AND claim = %s AND state = 1 RETURNING id",
            values,
        )
        return {row[0] for row in cursor.fetchall()}


def take_back(ids: Sequence[UUID], numbers: Sequence[int], token: UUID) -> None:
    """An answer came after the lease: a message that is still held because of this very attempt belongs to the token again."""
    values: list[Any] = [token, LEASE, list(ids), list(numbers)]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_sendqueue q SET state = 1, claim = %s, lease_until = now() + %s "
            "FROM unnest(%s::uuid[], %s::smallint[]) AS i(id, number) "
            "WHERE q.id = i.id AND q.claim IS NULL AND q.state = 2 AND q.attempts = i.number",
            values,
        )


def release(ids: Sequence[UUID], token: UUID, delays: Sequence[timedelta], *, crashed: bool = False) -> None:
    """Put messages that were certainly not sent back into the queue, each for after its delay.

    None waits beyond the moment at which it is given up, so that it ends then.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_sendqueue q SET state = 0, claim = NULL, lease_until = NULL, crashes = crashes + %s, "
            "not_before = LEAST(now() + i.delay, GREATEST(give_up_at, now())) "
            "FROM unnest(%s::uuid[], %s::interval[]) AS i(id, delay) WHERE q.id = i.id AND q.claim = %s",
            [int(crashed), list(ids), list(delays), token],
        )


def pause(ids: Sequence[UUID], token: UUID) -> None:
    """Park messages of services that are suspended until those are resumed; the others go back at once.

    The services are locked, so that one that is being resumed now either frees the message or is seen to be active.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH s AS (SELECT id, suspended_at FROM services_service WHERE id IN "
            "(SELECT service_id FROM notifications_sendqueue WHERE id = ANY(%s::uuid[])) ORDER BY id FOR SHARE) "
            "UPDATE notifications_sendqueue q SET state = 0, claim = NULL, lease_until = NULL, "
            "not_before = CASE WHEN s.suspended_at IS NULL THEN now() ELSE 'infinity' END "
            "FROM s WHERE s.id = q.service_id AND q.id = ANY(%s::uuid[]) AND q.claim = %s",
            [list(ids), list(ids), token],
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


def taken(ids: Sequence[UUID]) -> set[UUID]:
    """Delete the queue rows of messages that a provider has, whoever holds them now; returns the ids that were there."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM notifications_sendqueue WHERE id = ANY(%s::uuid[]) RETURNING id", [list(ids)])
        return {row[0] for row in cursor.fetchall()}


_EXPIRE = """
WITH expired AS (
    SELECT id, attempts FROM notifications_sendqueue WHERE state = 1 AND lease_until < now() LIMIT 500 FOR UPDATE SKIP LOCKED
), closed AS (
    UPDATE notifications_deliveryattempt a
    SET outcome = 'unknown', finished_at = now(), detail = 'The worker ended during the call'
    FROM expired e WHERE a.notification_id = e.id AND a.number = e.attempts AND a.outcome = 'open'
    RETURNING a.notification_id
)
UPDATE notifications_sendqueue q SET claim = NULL, lease_until = NULL,
    state = CASE WHEN c.notification_id IS NULL THEN 0 ELSE 2 END,
    crashes = CASE WHEN c.notification_id IS NULL THEN q.crashes + 1 ELSE q.crashes END,
    not_before = CASE WHEN c.notification_id IS NULL THEN now() ELSE now() + %s END
FROM expired e LEFT JOIN closed c ON c.notification_id = e.id
WHERE q.id = e.id
"""


def expire_leases() -> int:
    """Rows whose worker went away: those with an open call may have been sent, so they are held; the rest go back at once."""
    values: list[Any] = [HOLD]
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRE, values)
        return int(cursor.rowcount)


def resend_held() -> tuple[int, list[UUID]]:
    """End the waiting of unknown outcomes: up to MAX_RESENDS go back into the queue; the ids of the others are returned.

    One that is past its time is not sent again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_sendqueue SET state = 0, resends = resends + 1 "
            "WHERE state = 2 AND not_before <= now() AND resends < %s AND give_up_at > now()",
            [MAX_RESENDS],
        )
        again = int(cursor.rowcount)
        cursor.execute(
            "SELECT id FROM notifications_sendqueue WHERE state = 2 AND not_before <= now() "
            "AND (resends >= %s OR give_up_at <= now()) LIMIT 500",
            [MAX_RESENDS],
        )
        return again, [row[0] for row in cursor.fetchall()]


def due(*, upto: Lane = Lane.TEST) -> bool:
    """Whether anything of the lanes up to `upto` waits to be claimed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM notifications_sendqueue WHERE state = %s AND not_before <= now() "
            "AND crashes < %s AND lane <= %s)",
            [int(QueueState.READY), MAX_CRASHES, int(upto)],
        )
        return bool(cursor.fetchone()[0])
