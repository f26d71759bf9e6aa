"""What the accept path reads again and again, kept for two seconds per process, as long as a revocation may lag."""

import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.conf import settings

T = TypeVar("T")

_MAX_ENTRIES = 20_000
_entries: dict[Hashable, tuple[float, Any]] = {}


def cached(key: Hashable, load: Callable[[], T]) -> T:
    """The value loaded for a key at most `settings.CACHE_SECONDS` ago; loads it otherwise. Exceptions are not kept."""
    moment = time.monotonic()
    found = _entries.get(key)
    if found is not None and found[0] > moment:
        return found[1]
    value = load()
    if settings.CACHE_SECONDS:
        if len(_entries) >= _MAX_ENTRIES:
            _entries.clear()
        _entries[key] = (moment + settings.CACHE_SECONDS, value)
    return value


def clear_cache() -> None:
    """Drop everything, for tests and for settings that must act at once in this process."""
    _entries.clear()
