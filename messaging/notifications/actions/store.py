"""Writing new messages: message, sealed content, queue row and figures in one statement.

Why SQL: docs/decisions/0013-raw-sql-where-it-decides.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from messaging.enums import Status
from messaging.notifications.enums import Lane
from notify.lib.crypto import encrypt_json
from services.enums import KeyType

# How long a message is tried before it becomes a technical failure (reliability §3.3).
GIVE_UP_AFTER = {Lane.PLATFORM: timedelta(minutes=30), Lane.URGENT: timedelta(minutes=10)}
GIVE_UP_AFTER_DEFAULT = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message that passed every check. `content` is sealed; everything else is what may be searched and counted."""

    id: UUID
    service_id: UUID
    template_id: UUID
    template_version: int
    channel: str
    created_at: datetime
    content: dict[str, Any]
    key_type: str = KeyType.NORMAL
    lane: int = Lane.NORMAL
    recipient_hash: bytes | None = None
    status: Status = Status.CREATED
    job_id: UUID | None = None
    job_row: int | None = None
    api_key_id: UUID | None = None
    created_by_id: UUID | None = None
    client_reference: str | None = None
    international: bool = False
    rate_multiplier: Decimal = field(default=Decimal(1))
    billable_units: int = 0
    postage: str | None = None
    scheduled_for: datetime | None = None
    # A message that waits for something else (a letter's checks) is queued later.
    queued: bool = True
    # Why it failed at once, for rows that are kept only to be seen.
    detail: str = ""


_COLUMNS = [
    ("id", "uuid"),
    ("service_id", "uuid"),
    ("template_id", "uuid"),
    ("template_version", "integer"),
    ("channel", "text"),
    ("key_type", "text"),
    ("status", "smallint"),
    ("lane", "smallint"),
    ("job_id", "uuid"),
    ("job_row", "integer"),
    ("api_key_id", "uuid"),
    ("created_by_id", "uuid"),
    ("client_reference", "text"),
    ("recipient_hash", "bytea"),
    ("international", "boolean"),
    ("rate_multiplier", "numeric"),
    ("billable_units", "smallint"),
    ("postage", "text"),
    ("created_at", "timestamptz"),
    ("scheduled_for", "timestamptz"),
    ("status_detail", "text"),
]
_EXTRA = [("sealed", "bytea"), ("queued", "boolean"), ("not_before", "timestamptz"), ("give_up_at", "timestamptz")]
_NAMES = ", ".join(name for name, _ in _COLUMNS)

_STORE = f"""
WITH input AS (
    SELECT * FROM unnest({", ".join(f"%s::{kind}[]" for _, kind in _COLUMNS + _EXTRA)})
        AS i({", ".join(name for name, _ in _COLUMNS + _EXTRA)})
), stored AS (
    INSERT INTO notifications_notification ({_NAMES}) SELECT {_NAMES} FROM input ON CONFLICT DO NOTHING RETURNING id
), content AS (
    INSERT INTO notifications_notificationcontent (id, service_id, sealed)
    SELECT i.id, i.service_id, i.sealed FROM input i JOIN stored USING (id)
), queue AS (
    INSERT INTO notifications_sendqueue (id, service_id, channel, lane, state, not_before, attempts, resends, give_up_at)
    SELECT i.id, i.service_id, i.channel, i.lane, 0, i.not_before, 0, 0, i.give_up_at
    FROM input i JOIN stored USING (id) WHERE i.queued
), deltas AS (
    INSERT INTO notifications_statdelta (service_id, day, template_id, job_id, channel, key_type, status, count, units, cost)
    SELECT i.service_id, (i.created_at AT TIME ZONE %s)::date, i.template_id, i.job_id, i.channel, i.key_type, i.status,
        count(*), 0, 0
    FROM input i JOIN stored USING (id)
    GROUP BY 1, 2, 3, 4, 5, 6, 7
)
SELECT id FROM stored
"""


def store(messages: Sequence[NewMessage]) -> set[UUID]:
    """Write messages in one statement inside the caller's transaction; returns the ids that were new.

    An id that exists already is left as it is: a chunk of a spreadsheet that is delivered twice makes no second message.
    """
    if not messages:
        return set()
    rows = [_row(message) for message in messages]
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [*map(list, zip(*rows, strict=True)), settings.TIME_ZONE])
        return {row[0] for row in cursor.fetchall()}


def _row(m: NewMessage) -> tuple[Any, ...]:
    not_before = m.scheduled_for or m.created_at
    return (
        m.id,
        m.service_id,
        m.template_id,
        m.template_version,
        m.channel,
        m.key_type,
        int(m.status),
        int(m.lane),
        m.job_id,
        m.job_row,
        m.api_key_id,
        m.created_by_id,
        m.client_reference,
        m.recipient_hash,
        m.international,
        m.rate_multiplier,
        m.billable_units,
        m.postage,
        m.created_at,
        m.scheduled_for,
        m.detail,
        encrypt_json(m.content),
        m.queued and not m.status.is_final,
        not_before,
        not_before + GIVE_UP_AFTER.get(Lane(m.lane), GIVE_UP_AFTER_DEFAULT),
    )
