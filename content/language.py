"""The template language: ``((name))``, ``((key??text))``, and filling them in.

A template's text is cut into parts once (and remembered), then filled as often as there are messages. Every channel
fills the same parts with its own ``Filler``, which says how a text, a list and a gap look there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from content.caching import remember

PLACEHOLDER: Final = re.compile(r"\(\(([^()]+)\)\)")
TRUTHY: Final = frozenset(("yes", "y", "true", "t", "1", "include", "show"))

#: For the argument ``formatted``: every value may carry Markdown.
FORMATTED_ALL: Final = "*"

_IGNORED_IN_KEYS: Final = str.maketrans("", "", " -_")


@remember(most=8192, longest=100)
def normalise_key(key: str) -> str:
    """The form in which placeholders, value keys and headings are compared: no case, space, ``-``, ``_``."""
    return key.translate(_IGNORED_IN_KEYS).lower()


def normalise_keys(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """The values under their normalised keys; of two spellings of one key the later wins."""
    if not values:
        return {}
    return {normalise_key(str(key)): value for key, value in values.items()}


@dataclass(frozen=True, slots=True)
class Placeholder:
    """``((name))``, or ``((name??text))`` when ``conditional_text`` is not None."""

    name: str
    key: str
    conditional_text: str | None = None


Part = str | Placeholder


@remember(most=1024, longest=20_000)
def parse(text: str) -> tuple[Part, ...]:
    """Cut a template's text into literal texts and placeholders, in order."""
    parts: list[Part] = []
    end = 0
    for found in PLACEHOLDER.finditer(text):
        if found.start() > end:
            parts.append(text[end : found.start()])
        name, question, shown = found.group(1).partition("??")
        parts.append(Placeholder(name, normalise_key(name), shown if question else None))
        end = found.end()
    if end < len(text):
        parts.append(text[end:])
    return tuple(parts)


def names(*texts: str) -> list[str]:
    """Names of the placeholders in the texts: in order, once per key, the first spelling wins."""
    seen: dict[str, str] = {}
    for text in texts:
        for part in parse(text):
            if not isinstance(part, str):
                seen.setdefault(part.key, part.name)
    return list(seen.values())


def missing(template_names: Iterable[str], values: Mapping[str, Any] | None) -> list[str]:
    """Which of the names have no value. An empty text is a value; null and absent are not."""
    given = normalise_keys(values)
    return [name for name in template_names if given.get(normalise_key(name)) is None]


def is_true(value: object) -> bool:
    """Whether a value shows the text of a conditional."""
    return str(value).lower() in TRUTHY


def list_items(value: Sequence[Any]) -> list[str]:
    """The items of a list of values as texts: trimmed, without the empty ones."""
    return [text for item in value if item is not None and (text := str(item).strip())]


def join_words(items: Sequence[str]) -> str:
    """``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


class Filler:
    """How the parts of a template are filled for one channel. This one makes plain text; a gap stays ``((name))``."""

    def literal(self, text: str) -> str:
        """A stretch of the template itself."""
        return text

    def value(self, placeholder: Placeholder, text: str) -> str:
        """A value that is one text."""
        return text

    def items(self, placeholder: Placeholder, items: list[str]) -> str:
        """A value that is a list; never called with an empty one."""
        return join_words(items)

    def gap(self, placeholder: Placeholder) -> str:
        """A placeholder nobody gave a value for."""
        if placeholder.conditional_text is None:
            return f"(({placeholder.name}))"
        return f"(({placeholder.name}??{placeholder.conditional_text}))"

    def fill(self, text: str, values: Mapping[str, Any]) -> str:
        """The template's text with the values (under normalised keys) filled in. One pass: values are not expanded."""
        done: list[str] = []
        for part in parse(text):
            if isinstance(part, str):
                done.append(self.literal(part))
                continue
            value = values.get(part.key)
            if value is None:
                done.append(self.gap(part))
            elif part.conditional_text is not None:
                if is_true(value):
                    done.append(self.literal(part.conditional_text))
            elif isinstance(value, list | tuple):
                items = list_items(value)
                if items:
                    done.append(self.items(part, items))
            else:
                done.append(self.value(part, value if type(value) is str else str(value)))
        return "".join(done)


class MarkdownListFiller(Filler):
    """Plain filling, except that lists become Markdown bullets: the ``body`` of emails and letters in the public
    API."""

    def items(self, placeholder: Placeholder, items: list[str]) -> str:
        return "\n\n" + "\n".join(f"* {item}" for item in items)


class HighlightingFiller(MarkdownListFiller):
    """As above, with gaps marked up the way the public API's previews have always shown them."""

    def gap(self, placeholder: Placeholder) -> str:
        if placeholder.conditional_text is None:
            return f"<span class='placeholder'>&#40;&#40;{placeholder.name}&#41;&#41;</span>"
        return (
            f"<span class='placeholder-conditional'>&#40;&#40;{placeholder.name}??</span>"
            f"{placeholder.conditional_text}&#41;&#41;"
        )


PLAIN: Final = Filler()
MARKDOWN_LISTS: Final = MarkdownListFiller()
HIGHLIGHTING: Final = HighlightingFiller()


def formatted_keys(formatted: Collection[str] | str) -> frozenset[str] | None:
    """Normalised keys of the placeholders whose values may carry Markdown; None means all of them."""
    if formatted == FORMATTED_ALL:
        return None
    return frozenset(normalise_key(name) for name in formatted)
