"""What runs by the clock for services."""

from celery import shared_task
from celery.schedules import crontab

from notify.lib import queues
from services.actions.reminders import remind_of_ending_access, remind_of_ending_keys


@shared_task(name="services.remind")
def remind() -> None:
    """Tell teams that a key ends soon, and people that their access does."""
    remind_of_ending_keys()
    remind_of_ending_access()


BEAT = {
    "services-remind": {
        "task": "services.remind",
        "schedule": crontab(hour="7", minute="20"),
        "options": {"queue": queues.PERIODIC},
    },
}
