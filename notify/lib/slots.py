"""Slots: a low app asks, the apps to its right answer (docs/architecture.md)."""

from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Slot(Generic[T]):
    """What an app needs to be told by apps to its right, which it may not import.

    The slots of an app stand in its `slots.py`; an app fills slots in its `slot_fillers.py`, which is read at start.
    A filler with the key of an earlier one takes its place, so a slot that only one may fill has one key.
    """

    def __init__(self) -> None:
        self._fillers: dict[Hashable, T] = {}

    def fill(self, filler: T, *, key: Hashable = None) -> T:
        """Answer here from now on; usable as a decorator. Without a key, the filler is its own."""
        self._fillers[filler if key is None else key] = filler
        return filler

    def get(self, key: Hashable) -> T | None:
        """The filler of a key, if there is one."""
        return self._fillers.get(key)

    def __iter__(self) -> Iterator[T]:
        return iter(list(self._fillers.values()))

    def __bool__(self) -> bool:
        return bool(self._fillers)
