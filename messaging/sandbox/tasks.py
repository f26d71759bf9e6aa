"""What the workers do for this app. Each task is an adapter around one action."""

from celery import shared_task

from messaging.sandbox.provider import purge_old_messages
from notify.lib import queues

BEAT = {
    "sandbox-purge": {
        "task": "sandbox.purge_expired",
        "schedule": 3600.0 * 6,
        "options": {"queue": queues.PERIODIC},
    },
}


@shared_task(name="sandbox.purge_expired")
def purge_expired() -> None:
    """Delete the sandbox's messages past their retention."""
    purge_old_messages()
