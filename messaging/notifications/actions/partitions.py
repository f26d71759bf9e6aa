"""Days of messages: making the tables of the days ahead, and dropping those behind.

The tables are partitioned by range on a time-ordered id, so a day is a range of ids. Why:
docs/decisions/0013-raw-sql-where-it-decides.md
"""

import logging
import re
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from notify.lib import clock
from notify.lib.ids import uuid7_floor

logger = logging.getLogger(__name__)

PARTITIONED = ("notifications_notification", "notifications_notificationcontent", "notifications_deliveryattempt")
# Older rows than this in a default partition are no messages of ours.
OLDEST_STRANDED = timedelta(days=400)
_NAME = re.compile(r"_p(\d{8})$")


def first_id_of(day: date) -> str:
    """The smallest id of a UTC day."""
    return str(uuid7_floor(datetime.combine(day, time.min, tzinfo=UTC)))


def ensure_partitions(*, today: date | None = None, ahead: int | None = None) -> list[date]:
    """Make the partitions that are missing: of today, of the days ahead, and of days whose rows had to go to the default one.

    Each day in its own transaction: one that fails is logged and tried again the next time. Returns the days made. Harmless
    to repeat.
    """
    today = today or clock.utc_day()
    wanted = {today + timedelta(days=n) for n in range((settings.PARTITION_DAYS_AHEAD if ahead is None else ahead) + 1)}
    stranded = _stranded_days(min(wanted) - OLDEST_STRANDED, max(wanted))
    made = []
    for day in sorted((wanted | stranded) - set(partition_days())):
        try:
            _make_day(day, move_rows=day in stranded)
            made.append(day)
        except DatabaseError:
            logger.exception("partitions.day_not_made day=%s", day)
    return made


def _make_day(day: date, *, move_rows: bool) -> None:
    """The partitions of a day. Rows that wait in the default partitions move in, while nobody else writes."""
    first, after = first_id_of(day), first_id_of(day + timedelta(days=1))
    with transaction.atomic(), connection.cursor() as cursor:
        if move_rows:
            cursor.execute("SET LOCAL lock_timeout = '5s'")
            cursor.execute(f"LOCK TABLE {', '.join(PARTITIONED)} IN ACCESS EXCLUSIVE MODE")
        for table in PARTITIONED:
            name, bounds = f"{table}_p{day:%Y%m%d}", f"FOR VALUES FROM ('{first}') TO ('{after}')"
            if not move_rows:
                cursor.execute(f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF {table} {bounds}")
                continue
            cursor.execute(f"CREATE TABLE {name} (LIKE {table} INCLUDING ALL)")
            cursor.execute(
                f"WITH moved AS (DELETE FROM {table}_default WHERE id >= %s AND id < %s RETURNING *) "
                f"INSERT INTO {name} SELECT * FROM moved",
                [first, after],
            )
            cursor.execute(f"ALTER TABLE {table} ATTACH PARTITION {name} {bounds}")


def _stranded_days(first: date, last: date) -> set[date]:
    """The days of rows in the default partitions, read from their time-ordered ids."""
    days: set[date] = set()
    with connection.cursor() as cursor:
        for table in PARTITIONED:
            cursor.execute(
                "SELECT DISTINCT (to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000) "
                f"AT TIME ZONE 'UTC')::date FROM {table}_default WHERE id >= %s AND id < %s",
                [first_id_of(first), first_id_of(last + timedelta(days=1))],
            )
            days |= {row[0] for row in cursor.fetchall()}
    return days


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
    """How many rows are in the default partitions: anything but 0 is an alarm (the days ahead were not made)."""
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT count(*) FROM {table}_default" for table in PARTITIONED))
        return sum(int(row[0]) for row in cursor.fetchall())
