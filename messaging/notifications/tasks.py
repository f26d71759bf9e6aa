"""What the workers do with messages. Each task is an adapter around one action; nothing waits in the broker."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from celery import shared_task
from django.conf import settings

from messaging.notifications.actions import claim as claims
from messaging.notifications.actions import documents, partitions, retention, statistics
from messaging.notifications.actions.receipts import apply_due
from messaging.notifications.actions.send import send_due, sweep
from messaging.notifications.constants import DISPATCH
from messaging.notifications.enums import Lane
from messaging.providers.constants import APPLY_RECEIPTS
from notify.lib import queues
from notify.lib.wakeup import mark_awake, wake

# After this long a dispatcher makes room for other tasks and wakes its successor.
DISPATCH_SECONDS = 20
# A dispatcher that finds nothing looks again for a little longer than nobody wakes it, so that no message is missed.
QUIET_MS = 100
LINGER_SECONDS = 0.2
# The threads of one process that send at once, by the last lane that each takes: sweeping and receipts always find a thread,
# and an urgent message one that is not busy with bulk. The most open place is taken first.
PLACES = (Lane.TEST, Lane.TEST, Lane.NORMAL, Lane.URGENT)
_free_places = list(PLACES)
_places_lock = Lock()

BEAT = {
    "notifications-sweep": {
        "task": "notifications.sweep",
        "schedule": 2.0,
        "options": {"queue": queues.PERIODIC, "expires": 4},
    },
    "notifications-receipts": {
        "task": APPLY_RECEIPTS.task,
        "schedule": 1.0,
        "options": {"queue": queues.PERIODIC, "expires": 2},
    },
    "notifications-statistics": {
        "task": "notifications.roll_up_statistics",
        "schedule": 2.0,
        "options": {"queue": queues.PERIODIC, "expires": 4},
    },
    "notifications-days-ahead": {
        "task": "notifications.make_days_ahead",
        "schedule": 3600.0,
        "options": {"queue": queues.PERIODIC},
    },
    "notifications-time-out": {
        "task": "notifications.time_out",
        "schedule": 900.0,
        "options": {"queue": queues.PERIODIC},
    },
    "notifications-purge": {
        "task": "notifications.purge_expired",
        "schedule": 3600.0 * 6,
        "options": {"queue": queues.PERIODIC},
    },
}


@shared_task(name=DISPATCH.task)
def dispatch() -> None:
    """Send everything that is due, and stay for a moment: a message accepted meanwhile needs no task of its own.

    Does nothing while enough of this process's threads send.
    """
    with _place() as upto:
        if upto is None or not _send_for_a_while(upto):
            return
    wake(DISPATCH)


def _send_for_a_while(upto: Lane) -> bool:
    """Send what is due in the lanes up to `upto`; returns whether a successor is needed."""
    started, turn, idle_since = time.monotonic(), 0, None
    while time.monotonic() - started < DISPATCH_SECONDS:
        mark_awake(DISPATCH, quiet_ms=QUIET_MS)
        if send_due(turn=turn, upto=upto):
            turn, idle_since = turn + 1, None
        elif settings.CELERY_TASK_ALWAYS_EAGER:
            return False
        else:
            idle_since = idle_since or time.monotonic()
            if time.monotonic() - idle_since > LINGER_SECONDS:
                # What this place leaves alone may have come while nobody was woken for it.
                return upto < Lane.TEST and _is_free(Lane.TEST) and claims.due()
            time.sleep(LINGER_SECONDS / 4)
    return True


@contextmanager
def _place() -> Iterator[Lane | None]:
    """A place among the threads of this process that send, by the last lane it takes; None when all are taken."""
    with _places_lock:
        upto = _free_places.pop(0) if _free_places else None
    try:
        yield upto
    finally:
        if upto is not None:
            with _places_lock:
                _free_places.append(upto)
                _free_places.sort(reverse=True)


def _is_free(lane: Lane) -> bool:
    with _places_lock:
        return lane in _free_places


@shared_task(name=APPLY_RECEIPTS.task)
def apply_receipts() -> None:
    """Apply what providers told us."""
    mark_awake(APPLY_RECEIPTS)
    while apply_due():
        pass


@shared_task(name="notifications.sweep")
def sweep_task() -> None:
    """Pick up what was left behind, and wake a worker if something is due."""
    sweep()


@shared_task(name="notifications.roll_up_statistics")
def roll_up_statistics() -> None:
    """Bring the figures of days and jobs up to date."""
    statistics.roll_up_deltas()


@shared_task(name="notifications.make_days_ahead")
def make_days_ahead() -> None:
    """Make the partitions of the days ahead."""
    partitions.ensure_partitions()


@shared_task(name="notifications.time_out")
def time_out() -> None:
    """Settle messages whose provider never answered."""
    retention.time_out_unanswered()


@shared_task(name="notifications.purge_expired")
def purge_expired() -> None:
    """Delete what is past its retention."""
    retention.purge_old_messages()
    retention.purge_bookkeeping()
    documents.purge_expired()
