"""The tour of a first service."""

from accounts.models import User
from services.enums import Channel
from services.models import Service
from services.rules import daily_limit
from services.slots.templates import tour_beginners


def begin(service: Service, user: User) -> str:
    """Where the tour begins, "" for people who do not get one.

    It is for somebody's only service, where that can send texts and the person has a number to send one to.
    """
    may_text = service.has_permission(Channel.SMS) and daily_limit(service, Channel.SMS) > 0
    is_first = list(Service.objects.visible_to(user).values_list("pk", flat=True)[:2]) == [service.pk]
    if not is_first or not may_text or not user.mobile_number:
        return ""
    return next((begin_tour(service, user) for begin_tour in tour_beginners), "")
