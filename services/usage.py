"""What a service has used of its daily limits: the app that counts registers its reader."""

from collections.abc import Callable
from dataclasses import dataclass

from services.models import Service

UsedToday = Callable[[Service, str], int]
_readers: list[UsedToday] = []


def register_reader(reader: UsedToday) -> None:
    """`reader(service, channel)` tells how many messages count against today's limit."""
    _readers.append(reader)


def used_today(service: Service, channel: str) -> int:
    """How many messages of a channel count against today's limit."""
    return sum(reader(service, channel) for reader in _readers)


_year_readers: list[Callable[[Service], int]] = []


def register_year_reader(reader: Callable[[Service], int]) -> None:
    """`reader(service)` tells how many messages a service sent in the last financial year, or would at this year's pace."""
    _year_readers.append(reader)


def sent_in_a_year(service: Service) -> int:
    """How many messages a year a service really sends."""
    return max((reader(service) for reader in _year_readers), default=0)


@dataclass(frozen=True)
class Waiting:
    """What has been accepted and not been sent."""

    queued: int = 0
    scheduled: int = 0


_waiting_readers: list[Callable[[Service], Waiting]] = []


def register_waiting_reader(reader: Callable[[Service], Waiting]) -> None:
    """`reader(service)` counts the messages that wait to be sent."""
    _waiting_readers.append(reader)


def waiting(service: Service) -> Waiting:
    """What would not be sent if the service ended now."""
    found = [reader(service) for reader in _waiting_readers]
    return Waiting(sum(each.queued for each in found), sum(each.scheduled for each in found))
