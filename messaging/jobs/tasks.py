"""What the workers do with spreadsheets. Each task is an adapter around one action."""

from celery import shared_task

from messaging.jobs.actions import jobs
from messaging.jobs.constants import WORK_ON_JOBS
from notify.lib import queues
from notify.lib.wakeup import mark_awake

BEAT = {
    "jobs-work": {"task": WORK_ON_JOBS.task, "schedule": 5.0, "options": {"queue": queues.JOBS, "expires": 10}},
    "jobs-purge": {
        "task": "jobs.purge_expired",
        "schedule": 3600.0 * 6,
        "options": {"queue": queues.PERIODIC},
    },
}


@shared_task(name=WORK_ON_JOBS.task)
def work_on_jobs() -> None:
    """Check and send spreadsheets until none waits."""
    mark_awake(WORK_ON_JOBS)
    while jobs.work():
        pass


@shared_task(name="jobs.purge_expired")
def purge_expired() -> None:
    """Delete the files of spreadsheets past their retention."""
    jobs.purge_old_files()
