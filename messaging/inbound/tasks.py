"""What the workers do for this app. Each task is an adapter around one action."""

from celery import shared_task

from messaging.inbound.actions.receive import purge_old_texts
from notify.lib import queues

BEAT = {
    "inbound-purge": {
        "task": "inbound.purge_expired",
        "schedule": 3600.0 * 6,
        "options": {"queue": queues.PERIODIC},
    },
}


@shared_task(name="inbound.purge_expired")
def purge_expired() -> None:
    """Delete received texts past their retention."""
    purge_old_texts()
