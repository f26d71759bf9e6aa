"""Numbers that receive texts: the app that keeps them fills this slot."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from audit.actors import Actor
from notify.lib.refusals import ActionRefused
from notify.lib.slots import Slot

if TYPE_CHECKING:
    from services.models import Service

# `allocate(service, by=)`: gives a service the next free number and lets it receive; raises ActionRefused when none is free.
number_allocators: Slot[Callable[..., None]] = Slot()


def allocate_number(service: "Service", *, by: Actor) -> None:
    """Give the next free number to a service; refuses where the platform has none."""
    if not number_allocators:
        raise ActionRefused("This platform has no numbers that receive text messages")
    for allocate in number_allocators:
        allocate(service, by=by)
