"""What the workers do for callbacks: adapters around actions."""

from celery import shared_task

from callbacks.actions import deliver as delivering
from callbacks.actions import turns
from callbacks.actions.retention import purge_old_callbacks
from callbacks.constants import DELIVER
from notify.lib import queues
from notify.lib.wakeup import mark_awake, wake

BEAT = {
    "callbacks-sweep": {
        "task": "callbacks.sweep",
        "schedule": 2.0,
        "options": {"queue": queues.PERIODIC, "expires": 4},
    },
    "callbacks-purge": {"task": "callbacks.purge_expired", "schedule": 3600.0 * 6, "options": {"queue": queues.PERIODIC}},
}


@shared_task(name=DELIVER.task)
def deliver() -> None:
    """Post every callback that is due."""
    mark_awake(DELIVER)
    turn = turns.take_turn()
    if turn is None:
        return

    def hand_over() -> None:
        turns.end_turn(turn)
        wake(DELIVER)

    _, handed_over = delivering.deliver_due(hand_over=hand_over)
    if not handed_over:
        turns.end_turn(turn)
        # What became due between the last look and giving the place back.
        if delivering.anything_due():
            wake(DELIVER)


@shared_task(name="callbacks.sweep")
def sweep() -> None:
    """Pick up what a lost worker left behind, and ring when something is due."""
    delivering.expire_leases()
    if delivering.anything_due():
        wake(DELIVER)


@shared_task(name="callbacks.purge_expired")
def purge_expired() -> None:
    """Delete what is past its retention."""
    purge_old_callbacks()
