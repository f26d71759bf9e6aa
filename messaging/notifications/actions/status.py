"""The one door through which a message's status moves once it is stored: set-based, guarded by rank, with its figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from messaging.enums import Status
from messaging.notifications.signals import notifications_changed
from notify.lib import clock


@dataclass(frozen=True, slots=True)
class Move:
    """A wish to move one message to a status. The rest is written when given, whatever becomes of the wish."""

    id: UUID
    status: Status
    at: datetime | None = None
    detail: str = ""
    provider: str | None = None
    sent_at: datetime | None = None
    billable_units: int | None = None
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A message that did move, with everything a callback needs except whom it was for (sealed in NotificationContent)."""

    notification_id: UUID
    service_id: UUID
    template_id: UUID
    template_version: int
    job_id: UUID | None
    channel: str
    key_type: str
    client_reference: str | None
    created_at: datetime
    sent_at: datetime | None
    updated_at: datetime
    old: Status
    new: Status
    detail: str


# A message moves only to a higher rank, and never away from a final status, except that a delivered letter may come back.
_MOVE = """
WITH input AS (
    SELECT * FROM unnest(%s::uuid[], %s::smallint[], %s::timestamptz[], %s::text[], %s::text[], %s::timestamptz[],
                         %s::smallint[], %s::numeric[])
        AS i(id, status, at, detail, provider, sent_at, billable_units, cost)
), old AS (
    SELECT n.id, n.status, n.billable_units, n.cost FROM notifications_notification n
    WHERE n.id = ANY(%s::uuid[]) ORDER BY n.id FOR UPDATE
), moved AS (
    UPDATE notifications_notification n SET
        status = CASE WHEN m.moves THEN m.new ELSE n.status END,
        updated_at = CASE WHEN m.moves THEN m.at ELSE n.updated_at END,
        status_detail = CASE WHEN m.moves THEN m.detail ELSE n.status_detail END,
        provider = COALESCE(m.provider, n.provider),
        sent_at = COALESCE(n.sent_at, m.sent_at),
        billable_units = COALESCE(m.billable_units, n.billable_units),
        cost = COALESCE(m.cost, n.cost)
    FROM (
        SELECT o.id, o.status AS old, i.status AS new, i.at, i.detail, i.provider, i.sent_at, i.billable_units, i.cost,
            o.billable_units AS old_units, o.cost AS old_cost,
            (o.status < 20 AND i.status > o.status) OR (o.status = 20 AND i.status = 30) AS moves
        FROM old o JOIN input i USING (id)
    ) m
    WHERE n.id = m.id AND n.id = ANY(%s::uuid[])
        AND (m.moves OR m.provider IS NOT NULL OR m.sent_at IS NOT NULL OR m.billable_units IS NOT NULL)
    RETURNING n.id, n.service_id, n.template_id, n.template_version, n.job_id, n.channel, n.key_type, n.client_reference,
        n.created_at, n.sent_at, n.updated_at, n.status_detail, m.moves, m.old, n.status, n.rate_multiplier,
        m.old_units, n.billable_units, m.old_cost, n.cost
), deltas AS (
    INSERT INTO notifications_statdelta (service_id, day, template_id, job_id, channel, key_type, status, count, units, cost)
    SELECT service_id, day, template_id, job_id, channel, key_type, status, sum(count), sum(units), sum(cost) FROM (
        SELECT service_id, (created_at AT TIME ZONE %s)::date AS day, template_id, job_id, channel, key_type,
            old AS status, -1 AS count, -old_units * rate_multiplier AS units, -old_cost AS cost FROM moved
        UNION ALL
        SELECT service_id, (created_at AT TIME ZONE %s)::date, template_id, job_id, channel, key_type,
            status, 1, billable_units * rate_multiplier, cost FROM moved
    ) d
    GROUP BY service_id, day, template_id, job_id, channel, key_type, status
    HAVING sum(count) <> 0 OR sum(units) <> 0 OR sum(cost) <> 0
)
SELECT id, service_id, template_id, template_version, job_id, channel, key_type, client_reference, created_at, sent_at,
    updated_at, old, status, status_detail FROM moved WHERE moves
"""


def move(moves: Sequence[Move]) -> list[StatusChange]:
    """Move messages to new statuses; returns those that moved.

    A final status never goes back and a lower rank is ignored (reference: public-api §9.2). The figures, the queue and the
    list of unanswered messages follow in the same transaction, and `notifications_changed` is sent inside it. Of several
    moves for one message the first final one counts, as if they came one after the other, else the one with the highest rank.
    """
    best: dict[UUID, Move] = {}
    for each in moves:
        if each.id not in best or _follows(best[each.id].status, each.status):
            best[each.id] = each
    if not best:
        return []
    ordered = sorted(best.values(), key=lambda m: m.id)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_MOVE, _parameters(ordered))
        changes = [_change(row) for row in cursor.fetchall()]
        if finished := [change.notification_id for change in changes if change.new.is_final]:
            cursor.execute("DELETE FROM notifications_sendqueue WHERE id = ANY(%s::uuid[])", [finished])
            cursor.execute("DELETE FROM notifications_inflight WHERE id = ANY(%s::uuid[])", [finished])
        if changes:
            notifications_changed.send(sender=None, changes=changes)
    return changes


def _follows(old: Status, new: Status) -> bool:
    """What the statement decides, within one batch."""
    return new > old if not old.is_final else (old, new) == (Status.DELIVERED, Status.RETURNED_LETTER)


def _parameters(ordered: Sequence[Move]) -> list[Any]:
    moment = clock.now()
    ids = [m.id for m in ordered]
    return [
        ids,
        [int(m.status) for m in ordered],
        [m.at or moment for m in ordered],
        [m.detail[:255] for m in ordered],
        [m.provider for m in ordered],
        [m.sent_at for m in ordered],
        [m.billable_units for m in ordered],
        [m.cost for m in ordered],
        ids,
        ids,
        settings.TIME_ZONE,
        settings.TIME_ZONE,
    ]


def _change(row: tuple[Any, ...]) -> StatusChange:
    (
        notification_id,
        service_id,
        template_id,
        version,
        job_id,
        channel,
        key_type,
        reference,
        created_at,
        sent_at,
        updated_at,
        old,
        new,
        detail,
    ) = row
    return StatusChange(
        notification_id=notification_id,
        service_id=service_id,
        template_id=template_id,
        template_version=version,
        job_id=job_id,
        channel=channel,
        key_type=key_type,
        client_reference=reference,
        created_at=created_at,
        sent_at=sent_at,
        updated_at=updated_at,
        old=Status(old),
        new=Status(new),
        detail=detail,
    )
