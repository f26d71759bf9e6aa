"""Days of messages: making the tables of the days ahead, and dropping those behind.

The tables are partitioned by range on a time-ordered id, so a day is a range of ids. Why:
docs/decisions/0013-raw-sql-where-it-decides.md
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db import connection, transaction

from notify.lib import clock
from notify.lib.ids import uuid7_floor

PARTITIONED = ("notifications_notification", "notifications_notificationcontent", "notifications_deliveryattempt")
_NAME = re.compile(r"_p(\d{8})$")


def first_id_of(day: date) -> str:
    """The smallest id of a UTC day."""
    return str(uuid7_floor(datetime.combine(day, time.min, tzinfo=UTC)))


def _statements(day: date) -> Iterator[str]:
    for table in PARTITIONED:
        yield (
            f"CREATE TABLE IF NOT EXISTS {table}_p{day:%Y%m%d} PARTITION OF {table} "
            f"FOR VALUES FROM ('{first_id_of(day)}') TO ('{first_id_of(day + timedelta(days=1))}')"
        )


def ensure_partitions(*, today: date | None = None, ahead: int | None = None) -> list[date]:
    """Make the partitions of today and of the days ahead that are missing; returns the days made. Harmless to repeat."""
    today = today or clock.utc_day()
    existing = set(partition_days())
    wanted = [today + timedelta(days=n) for n in range((settings.PARTITION_DAYS_AHEAD if ahead is None else ahead) + 1)]
    missing = [day for day in wanted if day not in existing]
    with transaction.atomic(), connection.cursor() as cursor:
        for day in missing:
            for statement in _statements(day):
                cursor.execute(statement)
    return missing


def partition_days() -> list[date]:
    """The days that have a partition, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE i.inhparent = %s::regclass ORDER BY c.relname",
            [PARTITIONED[0]],
        )
        names = [row[0] for row in cursor.fetchall()]
    return [datetime.strptime(found[1], "%Y%m%d").date() for name in names if (found := _NAME.search(name))]  # noqa: DTZ007


def drop_partitions_before(day: date) -> list[date]:
    """Drop every day before this one, messages and all; returns the days dropped."""
    old = [each for each in partition_days() if each < day]
    for each in old:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in PARTITIONED:
                cursor.execute(f"DROP TABLE IF EXISTS {table}_p{each:%Y%m%d}")
    return old


def rows_outside_partitions() -> int:
    """How many messages landed in the default partition: anything but 0 is an alarm (the days ahead were not made)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM notifications_notification_default")
        return int(cursor.fetchone()[0])
