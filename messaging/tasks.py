"""What the workers do. Each task is an adapter around one action; nothing waits in the broker."""

import time

from celery import shared_task
from django.conf import settings

from messaging import doorbell, partitions
from messaging.actions import attached_files, documents, jobs, retention
from messaging.actions.fold import fold as fold_figures
from messaging.actions.receipts import apply_due
from messaging.actions.received import forget_old_texts
from messaging.actions.send import send_due, sweep
from messaging.providers import sandbox
from notify.lib import queues

# After this long a dispatcher makes room for other tasks and rings for its successor.
DISPATCH_SECONDS = 20
# A dispatcher that finds nothing looks again for a little longer than the doorbell stays quiet, so that no ring is missed.
QUIET_MS = 100
LINGER_SECONDS = 0.2

BEAT = {
    "messaging-jobs": {"task": "messaging.work_on_jobs", "schedule": 5.0, "options": {"queue": queues.JOBS, "expires": 10}},
    "messaging-sweep": {
        "task": "messaging.sweep",
        "schedule": 2.0,
        "options": {"queue": queues.PERIODIC, "expires": 4},
    },
    "messaging-receipts": {
        "task": "messaging.apply_receipts",
        "schedule": 1.0,
        "options": {"queue": queues.PERIODIC, "expires": 2},
    },
    "messaging-fold": {"task": "messaging.fold", "schedule": 2.0, "options": {"queue": queues.PERIODIC, "expires": 4}},
    "messaging-days-ahead": {
        "task": "messaging.make_days_ahead",
        "schedule": 3600.0,
        "options": {"queue": queues.PERIODIC},
    },
    "messaging-time-out": {"task": "messaging.time_out", "schedule": 900.0, "options": {"queue": queues.PERIODIC}},
    "messaging-forget": {"task": "messaging.forget", "schedule": 3600.0 * 6, "options": {"queue": queues.PERIODIC}},
}


@shared_task(name="messaging.dispatch")
def dispatch() -> None:
    """Send everything that is due, and stay for a moment: a message accepted meanwhile needs no task of its own."""
    started, turn, idle_since = time.monotonic(), 0, None
    while time.monotonic() - started < DISPATCH_SECONDS:
        doorbell.answered(quiet_ms=QUIET_MS)
        if send_due(turn=turn):
            turn, idle_since = turn + 1, None
        elif settings.CELERY_TASK_ALWAYS_EAGER:
            return
        else:
            idle_since = idle_since or time.monotonic()
            if time.monotonic() - idle_since > LINGER_SECONDS:
                return
            time.sleep(LINGER_SECONDS / 4)
    doorbell.ring()


@shared_task(name="messaging.work_on_jobs")
def work_on_jobs() -> None:
    """Check and send spreadsheets until none waits."""
    doorbell.answered("jobs")
    while jobs.work():
        pass


@shared_task(name="messaging.sweep")
def sweep_task() -> None:
    """Pick up what was left behind, and ring if something is due."""
    sweep()


@shared_task(name="messaging.fold")
def fold_task() -> None:
    """Bring the figures of days and jobs up to date."""
    fold_figures()


@shared_task(name="messaging.make_days_ahead")
def make_days_ahead() -> None:
    """Make the partitions of the days ahead."""
    partitions.ensure_partitions()


@shared_task(name="messaging.time_out")
def time_out() -> None:
    """Settle messages whose provider never answered."""
    retention.time_out_unanswered()


@shared_task(name="messaging.forget")
def forget() -> None:
    """Forget what is past its retention."""
    retention.forget_old_messages()
    jobs.forget_old_files()
    retention.forget_bookkeeping()
    documents.forget_expired()
    attached_files.forget_removed()
    forget_old_texts()
    sandbox.forget_old_messages()


@shared_task(name="messaging.apply_receipts")
def apply_receipts() -> None:
    """Apply what providers told us."""
    doorbell.answered("receipts")
    while apply_due():
        pass
