"""What the workers do for this app. Each task is an adapter around one action."""

from celery import shared_task

from messaging.message_templates.actions import attachments
from notify.lib import queues

BEAT = {
    "message_templates-purge": {
        "task": "message_templates.purge_expired",
        "schedule": 3600.0 * 6,
        "options": {"queue": queues.PERIODIC},
    },
}


@shared_task(name="message_templates.purge_expired")
def purge_expired() -> None:
    """Delete files that were removed from templates, past their retention."""
    attachments.purge_removed()
