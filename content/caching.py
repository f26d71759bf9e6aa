"""Remembering answers about short texts only, so that a cache's size in memory is bounded, not just its length."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])


def remember(*, most: int, longest: int) -> Callable[[F], F]:
    """Cache a function of a text (and hashable further arguments): ``most`` answers, for texts up to ``longest``."""

    def decorate(function: F) -> F:
        cached = lru_cache(maxsize=most)(function)

        @wraps(function)
        def answer(text: str, *rest: Any) -> Any:
            return cached(text, *rest) if len(text) <= longest else function(text, *rest)

        return cast(F, answer)

    return decorate
