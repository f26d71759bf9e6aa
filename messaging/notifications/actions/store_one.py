"""The short way in for the commonest case: one message and its place in today's allowance, in one statement.

Measured (benchmarks/accept_throughput.py): four round trips become one, and no statement stands between lock and commit.
"""

from datetime import timedelta
from typing import Any

from django.db import connection

from messaging.notifications.actions.store import GIVE_UP_AFTER, GIVE_UP_AFTER_DEFAULT, NewMessage
from messaging.notifications.enums import Lane
from notify.lib import clock
from notify.lib.crypto import encrypt_json

_RESERVE = """
    INSERT INTO notifications_usagecounter (service_id, channel, day, used)
    SELECT %(service_id)s, %(channel)s, %(day)s, 1 WHERE %(limit)s >= 1
    ON CONFLICT (service_id, channel, day) DO UPDATE SET used = notifications_usagecounter.used + 1
    WHERE notifications_usagecounter.used < %(limit)s
    RETURNING used
"""
_NO_LIMIT = "SELECT 0 AS used"

_STORE = """
WITH reserved AS ({reserve}), stored AS (
    INSERT INTO notifications_notification (
        id, service_id, template_id, template_version, channel, key_type, status, lane, api_key_id, created_by_id,
        client_reference, recipient_hash, international, rate_multiplier, billable_units, cost, provider, status_detail,
        created_at, scheduled_for
    )
    SELECT %(id)s, %(service_id)s, %(template_id)s, %(template_version)s, %(channel)s, %(key_type)s, %(status)s, %(lane)s,
        %(api_key_id)s, %(created_by_id)s, %(reference)s, %(recipient_hash)s, %(international)s, %(rate_multiplier)s, 0, 0,
        '', '', %(created_at)s, %(scheduled_for)s
    FROM reserved RETURNING id
), content AS (
    INSERT INTO notifications_notificationcontent (id, service_id, sealed) SELECT id, %(service_id)s, %(sealed)s FROM stored
), queue AS (
    INSERT INTO notifications_sendqueue (id, service_id, channel, lane, state, not_before, attempts, resends, give_up_at)
    SELECT id, %(service_id)s, %(channel)s, %(lane)s, 0, %(not_before)s, 0, 0, %(give_up_at)s FROM stored
), delta AS (
    INSERT INTO notifications_statdelta (service_id, day, template_id, channel, key_type, status, count, units, cost)
    SELECT %(service_id)s, %(local_day)s, %(template_id)s, %(channel)s, %(key_type)s, %(status)s, 1, 0, 0 FROM stored
)
SELECT used FROM reserved
"""
_WITH_LIMIT_SQL = _STORE.format(reserve=_RESERVE)
_WITHOUT_LIMIT_SQL = _STORE.format(reserve=_NO_LIMIT)


def store_one(message: NewMessage, *, limit: int | None) -> int | None:
    """Write one text or email that belongs to no spreadsheet, and count it; `limit` None counts nothing (test keys).

    Returns how many were used today with this one; None when the limit was reached, and then nothing is written. One
    statement, so it needs no transaction around it.
    """
    not_before = message.scheduled_for or message.created_at
    give_up: timedelta = GIVE_UP_AFTER.get(Lane(message.lane), GIVE_UP_AFTER_DEFAULT)
    values: dict[str, Any] = {
        "id": message.id,
        "service_id": message.service_id,
        "template_id": message.template_id,
        "template_version": message.template_version,
        "channel": str(message.channel),
        "key_type": str(message.key_type),
        "status": int(message.status),
        "lane": int(message.lane),
        "api_key_id": message.api_key_id,
        "created_by_id": message.created_by_id,
        "reference": message.client_reference,
        "recipient_hash": message.recipient_hash,
        "international": message.international,
        "rate_multiplier": message.rate_multiplier,
        "created_at": message.created_at,
        "scheduled_for": message.scheduled_for,
        "sealed": encrypt_json(message.content),
        "not_before": not_before,
        "give_up_at": not_before + give_up,
        "local_day": clock.local_day(message.created_at),
        "day": clock.utc_day(message.created_at),
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_LIMIT_SQL if limit is None else _WITH_LIMIT_SQL, values)
        row = cursor.fetchone()
    return None if row is None else int(row[0])
