"""What runs by the clock for services."""

from celery import shared_task
from celery.schedules import crontab

from notify.lib import queues
from services.actions.brand_drafts import purge_old
from services.actions.reminders import remind_of_ending_access, remind_of_ending_keys


@shared_task(name="services.remind")
def remind() -> None:
    """Tell teams that a key ends soon, and people that their access does."""
    remind_of_ending_keys()
    remind_of_ending_access()


@shared_task(name="services.purge_brand_drafts")
def purge_brand_drafts() -> None:
    """Delete logos that were uploaded and never saved."""
    purge_old()


BEAT = {
    "services-forget-brand-drafts": {
        "task": "services.purge_brand_drafts",
        "schedule": crontab(hour="3", minute="40"),
        "options": {"queue": queues.PERIODIC},
    },
    "services-remind": {
        "task": "services.remind",
        "schedule": crontab(hour="7", minute="20"),
        "options": {"queue": queues.PERIODIC},
    },
}
