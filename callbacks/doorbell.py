"""Telling the workers that callbacks may be waiting."""

from messaging.doorbell import ring_for
from notify.lib import queues

BELL = "callbacks"


def ring() -> None:
    """Wake a worker; never raises."""
    from callbacks.tasks import deliver  # the task calls the action that writes what rings

    ring_for(deliver, BELL, queues.CALLBACKS)
