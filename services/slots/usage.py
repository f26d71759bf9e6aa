"""What a service has used of its limits and what waits to be sent, asked of the apps that count."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from notify.lib.slots import Slot

if TYPE_CHECKING:
    from services.models import Service


@dataclass(frozen=True)
class WaitingMessages:
    """What has been accepted and not been sent."""

    queued: int = 0
    scheduled: int = 0


# `used(service, channel)`: how many messages count against today's limit.
usage_readers: "Slot[Callable[[Service, str], int]]" = Slot()
# `sent(service)`: how many messages a service sent in the last financial year, or would at this year's pace.
year_readers: "Slot[Callable[[Service], int]]" = Slot()
# `waiting(service)`: the messages that wait to be sent.
waiting_readers: "Slot[Callable[[Service], WaitingMessages]]" = Slot()


def used_today(service: "Service", channel: str) -> int:
    """How many messages of a channel count against today's limit."""
    return sum(read(service, channel) for read in usage_readers)


def sent_in_a_year(service: "Service") -> int:
    """How many messages a year a service really sends."""
    return max((read(service) for read in year_readers), default=0)


def waiting(service: "Service") -> WaitingMessages:
    """What would not be sent if the service ended now."""
    found = [read(service) for read in waiting_readers]
    return WaitingMessages(sum(each.queued for each in found), sum(each.scheduled for each in found))
