"""Defusing chosen values before they go into an email: no addresses a mail program would link, no Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from content.language import normalise_key

_ADDRESS: Final = re.compile(r"\b(?<![@.])(?:https?://)?(?:[\w\-]+\.)+[a-z]{2,63}(?!@)\b(?:[/?#][^<\s]*)?", re.IGNORECASE)
_BARE_HOST: Final = re.compile(r"[a-zA-Z0-9.\-]+")
_MARKDOWN: Final = re.compile(r"([`*_(){}\[\]<>#+\-.!|\\])")


def sanitise(value: str) -> str:
    """The value without link-like text (a bare host is spaced out, anything longer goes), Markdown escaped."""
    return _MARKDOWN.sub(r"\\\1", _ADDRESS.sub(_defuse, value))


def _defuse(found: re.Match[str]) -> str:
    text = found.group()
    return text.replace(".", ". ") if _BARE_HOST.fullmatch(text) else ""


def sanitise_content_for(
    personalisation: Mapping[str, Any], names: Iterable[Any] | None
) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """Sanitise the named values.

    Names are matched as placeholders are; unknown ones, nulls and names that are no text are ignored. Lists are done
    item by item, other things as their text. Returns the personalisation to use, and for every value that changed its
    key as given with the text before and after.
    """
    wanted = {normalise_key(name) for name in names or () if isinstance(name, str)}
    result = dict(personalisation)
    changed: dict[str, dict[str, str]] = {}
    for key, value in personalisation.items():
        if normalise_key(key) not in wanted or value is None or isinstance(value, dict):
            continue
        if isinstance(value, list | tuple):
            before: Any = [str(item) for item in value if item is not None]
            after: Any = [sanitise(item) for item in before]
            texts = (", ".join(before), ", ".join(after))
        else:
            before, after = str(value), sanitise(str(value))
            texts = (before, after)
        if before != after:
            result[key] = after
            changed[key] = {"unsanitised": texts[0], "sanitised": texts[1]}
    return result, changed
