"""What the workers do for callbacks: adapters around actions."""

from celery import shared_task

from callbacks import doorbell
from callbacks.actions import deliver as delivering
from callbacks.actions.retention import forget_old_callbacks
from messaging.doorbell import answered
from notify.lib import queues

BEAT = {
    "callbacks-sweep": {
        "task": "callbacks.sweep",
        "schedule": 2.0,
        "options": {"queue": queues.PERIODIC, "expires": 4},
    },
    "callbacks-forget": {"task": "callbacks.forget", "schedule": 3600.0 * 6, "options": {"queue": queues.PERIODIC}},
}


@shared_task(name="callbacks.deliver")
def deliver() -> None:
    """Post every callback that is due."""
    answered(doorbell.BELL)
    turn = doorbell.take_turn()
    if turn is None:
        return

    def hand_over() -> None:
        doorbell.end_turn(turn)
        doorbell.ring()

    _, handed_over = delivering.deliver_due(hand_over=hand_over)
    if not handed_over:
        doorbell.end_turn(turn)
        # What became due between the last look and giving the place back.
        if delivering.anything_due():
            doorbell.ring()


@shared_task(name="callbacks.sweep")
def sweep() -> None:
    """Pick up what a lost worker left behind, and ring when something is due."""
    delivering.expire_leases()
    if delivering.anything_due():
        doorbell.ring()


@shared_task(name="callbacks.forget")
def forget() -> None:
    """Forget what is past its retention."""
    forget_old_callbacks()
