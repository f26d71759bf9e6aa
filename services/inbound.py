"""Numbers that receive texts: the app that keeps them fills this slot."""

from collections.abc import Callable

from audit.actors import Actor
from notify.lib.refusals import ActionRefused
from services.models import Service

_slot: list[Callable[..., None]] = []


def register(allocate: Callable[..., None]) -> None:
    """`allocate(service, by=)` gives the next free number to a service; raises ActionRefused when there is none."""
    _slot[:] = [allocate]


def allocate_number(service: Service, *, by: Actor) -> None:
    """Give the next free number to a service."""
    if not _slot:
        raise ActionRefused("This platform has no numbers that receive text messages")
    _slot[0](service, by=by)
