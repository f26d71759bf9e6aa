"""The tour of a first service: the app that has templates fills this slot."""

from collections.abc import Callable
from typing import Any

from services.enums import Channel
from services.models import Service
from services.rules import daily_limit

_slot: list[Callable[[Service, Any], str]] = []


def register(begin_tour: Callable[[Service, Any], str]) -> None:
    """`begin_tour(service, user)` makes the example template and gives the address of the first page."""
    _slot[:] = [begin_tour]


def begin(service: Service, user: Any) -> str:
    """Where the tour begins, "" for people who do not get one.

    It is for somebody's only service, where that can send texts and the person has a number to send one to.
    """
    may_text = service.has_permission(Channel.SMS) and daily_limit(service, Channel.SMS) > 0
    is_first = list(Service.objects.visible_to(user).values_list("pk", flat=True)[:2]) == [service.pk]
    if not _slot or not is_first or not may_text or not user.mobile_number:
        return ""
    return _slot[0](service, user)
