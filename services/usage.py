"""What a service has used of its daily limits: the app that counts registers its reader."""

from collections.abc import Callable

from services.models import Service

UsedToday = Callable[[Service, str], int]
_readers: list[UsedToday] = []


def register_reader(reader: UsedToday) -> None:
    """`reader(service, channel)` tells how many messages count against today's limit."""
    _readers.append(reader)


def used_today(service: Service, channel: str) -> int:
    """How many messages of a channel count against today's limit."""
    return sum(reader(service, channel) for reader in _readers)
