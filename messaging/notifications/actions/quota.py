"""Daily limits: reserved exactly, by one conditional statement, never by counting messages (reliability §3.6)."""

from typing import Any
from uuid import UUID

from django.db import connection

from messaging.notifications.models import UsageCounter
from messaging.notifications.refusals import over_daily_limit
from notify.lib import clock
from notify.lib.short_cache import cached
from services.enums import KeyType
from services.models import Service
from services.rules import daily_limit

INTERNATIONAL = "international_sms"

_RESERVE = """
INSERT INTO notifications_usagecounter (service_id, channel, day, used)
SELECT %(service)s, %(channel)s, %(day)s, %(count)s WHERE %(count)s <= %(limit)s
ON CONFLICT (service_id, channel, day) DO UPDATE SET used = notifications_usagecounter.used + EXCLUDED.used
WHERE notifications_usagecounter.used + EXCLUDED.used <= %(limit)s
RETURNING used
"""


def reserve(service: Service, channel: str, count: int, *, key_type: str, international: int = 0) -> int | None:
    """Take `count` messages off today's allowance, inside the caller's transaction; returns what is left today.

    Test keys are never counted (None). Texts abroad count twice: as texts, and as international texts. Refuses with
    MessageRefused when fewer are left; the caller's transaction then undoes the rest.
    """
    if key_type == KeyType.TEST or count == 0:
        return None
    left = _reserve_one(service, channel, count, key_type=key_type)
    if international:
        _reserve_one(service, INTERNATIONAL, international, key_type=key_type)
    return left


def _reserve_one(service: Service, channel: str, count: int, *, key_type: str) -> int:
    limit = daily_limit(service, channel, key_type=key_type)
    values: dict[str, Any] = {"service": service.pk, "channel": channel, "day": clock.utc_day(), "count": count, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_RESERVE, values)
        row = cursor.fetchone()
    if row is None:
        raise over_daily_limit(channel, limit)
    return limit - int(row[0])


def check_left_today(service: Service, channel: str, *, key_type: str = KeyType.NORMAL) -> None:
    """Refuse when today's allowance is used up, by a count that may be two seconds old: `reserve` is what is exact."""
    if key_type == KeyType.TEST:
        return
    limit = daily_limit(service, channel, key_type=key_type)
    used = cached(("used_today", service.pk, channel, clock.utc_day()), lambda: used_today(service, channel))
    if used >= limit:
        raise over_daily_limit(channel, limit)


def give_back(service_id: UUID, channel: str, count: int, *, international: int = 0) -> None:
    """Return what was reserved today and never became a message."""
    for each, number in ((channel, count), (INTERNATIONAL, international)):
        if number:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE notifications_usagecounter SET used = GREATEST(used - %s, 0) "
                    "WHERE service_id = %s AND channel = %s AND day = %s",
                    [number, service_id, each, clock.utc_day()],
                )


def used_today(service: Service, channel: str) -> int:
    """How many messages count against today's limit: one look-up by key."""
    return (
        UsageCounter.objects.filter(service_id=service.pk, channel=channel, day=clock.utc_day())
        .values_list("used", flat=True)
        .first()
        or 0
    )


def remaining_today(service: Service, channel: str, *, key_type: str = KeyType.NORMAL) -> int:
    """How many more messages the service may send today on a channel."""
    return max(daily_limit(service, channel, key_type=key_type) - used_today(service, channel), 0)
