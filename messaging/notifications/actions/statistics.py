"""Folding changes of the figures into days and jobs, every second or two."""

from django.db import connection, transaction

# One transaction folds at most this many changes, so that it never holds the tables for long.
BATCH = 20_000
# Any number does; it only has to be the same in every process.
_LOCK = 0x6E6F74696679

_FOLD = """
WITH taken AS (
    DELETE FROM notifications_statdelta WHERE id = ANY(ARRAY(SELECT id FROM notifications_statdelta ORDER BY id LIMIT %s))
    RETURNING *
), days AS (
    INSERT INTO notifications_statday (service_id, day, template_id, channel, key_type, status, count, units, cost)
    SELECT service_id, day, template_id, channel, key_type, status, sum(count), sum(units), sum(cost) FROM taken
    GROUP BY service_id, day, template_id, channel, key_type, status
    ON CONFLICT (service_id, day, template_id, channel, key_type, status) DO UPDATE SET
        count = notifications_statday.count + EXCLUDED.count,
        units = notifications_statday.units + EXCLUDED.units,
        cost = notifications_statday.cost + EXCLUDED.cost
), jobs AS (
    INSERT INTO notifications_jobstat (job_id, status, count)
    SELECT job_id, status, sum(count) FROM taken WHERE job_id IS NOT NULL GROUP BY job_id, status
    ON CONFLICT (job_id, status) DO UPDATE SET count = notifications_jobstat.count + EXCLUDED.count
)
SELECT count(*) FROM taken
"""


def roll_up_deltas() -> int:
    """Roll all waiting changes up into days and jobs; returns how many. A second worker at the same time gets 0."""
    total = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            if not cursor.fetchone()[0]:
                return total
            cursor.execute(_FOLD, [BATCH])
            taken = int(cursor.fetchone()[0])
        total += taken
        if taken < BATCH:
            return total
