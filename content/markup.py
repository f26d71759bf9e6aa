"""Filling Markdown safely and quickly.

A value from a recipient's data is not Markdown unless the template's author said so. So it is not put into the
Markdown at all: a single private-use character stands in for it, the Markdown is rendered once per template (and
remembered), and the values are written into the finished output, escaped for the place they land in: text, or the
address of a link.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final
from urllib.parse import quote

from content import typography
from content.caching import remember
from content.language import Filler, Placeholder, formatted_keys

# Stand-ins: planes 15 and 16 are for private use, so nobody's text means anything by them.
_FIRST: Final = 0xF0000
_MOST: Final = 0xFFF0
_TO_ADDRESS: Final = 0x10000
_ADDRESS_START: Final = "\U0010ffff"
_PRIVATE: Final = re.compile("[\U000f0000-\U0010ffff]")
_STAND_IN: Final = re.compile("(\U0010ffff?[\U000f0000-\U0010fffe])")

_ENTITY: Final = re.compile(r"&#?\w+;")
_KEPT_ENTITIES: Final = frozenset(("&nbsp;", "&amp;", "&lpar;", "&rpar;"))
_MARKDOWN_CHARACTERS: Final = re.compile(r"([\\`*{}\[\]()#+\-.!_>~|])")

KNOWN_SCHEMES: Final = ("ftp:", "file:", "http:", "https:", "mailto:", "tel:")
ADDRESS_SAFE: Final = ":/?#=&;%"


def _decode_entity(found: re.Match[str]) -> str:
    entity = found.group()
    return entity if entity in _KEPT_ENTITIES else html.unescape(entity)


def escape_source(text: str) -> str:
    """Template text made safe for HTML. Entities people typed are decoded first; ``&nbsp;`` and ``&amp;`` stay."""
    if "&" not in text:
        return text.replace("<", "&lt;").replace(">", "&gt;") if "<" in text or ">" in text else text
    text = _ENTITY.sub(_decode_entity, text)
    done = []
    end = 0
    for found in _ENTITY.finditer(text):
        if found.group() in _KEPT_ENTITIES:
            done.append(html.escape(text[end : found.start()], quote=False) + found.group())
            end = found.end()
    done.append(html.escape(text[end:], quote=False))
    return "".join(done)


#: The same, remembered: for the parts of templates, which come again.
escape_template = remember(most=4096, longest=5_000)(escape_source)


def escape_value(text: str) -> str:
    """A recipient's value made safe for HTML, every character of it meaning itself."""
    return html.escape(text, quote=False)


def without_private(text: str) -> str:
    """Without the characters used as stand-ins."""
    return _PRIVATE.sub("", text) if not text.isascii() and _PRIVATE.search(text) else text


def to_address(text: str) -> str:
    """Percent-encode a link's address that may hold stand-ins, and give it a scheme if it has no known one."""
    if _PRIVATE.match(text):
        return _ADDRESS_START + encode_address(text)
    return ("" if text.startswith(KNOWN_SCHEMES) else "http://") + encode_address(text)


def encode_address(text: str) -> str:
    """Percent-encode what may not stand in an address, leaving stand-ins to be filled in later."""
    if text.isascii():
        return quote(text, safe=ADDRESS_SAFE)
    return "".join(
        chr(ord(piece) + _TO_ADDRESS) if _PRIVATE.match(piece) else quote(piece, safe=ADDRESS_SAFE)
        for piece in _STAND_IN.split(text)
        if piece
    )


class MarkdownFiller(Filler):
    """Fills a Markdown template with stand-ins, and afterwards the output with the values."""

    def __init__(
        self,
        values: Mapping[str, Any],
        formatted: Collection[str] | str = (),
        *,
        escape: bool = True,
        show_gap: Callable[[str], str] = lambda text: text,
        on_paper: bool = False,
    ) -> None:
        self._values = values
        self._formatted = formatted_keys(formatted)
        self._escape = escape
        self._show_gap = show_gap
        # Mail programs make links of things; paper does not.
        self._unlink = str if on_paper else typography.unlink_govuk
        self._standing_in: list[tuple[bool, str]] = []
        #: Whether the filled template is worth remembering: no, once a value has become part of it.
        self.reusable = True

    @property
    def is_standing_in(self) -> bool:
        """Whether anything of the output is still to be filled in."""
        return bool(self._standing_in)

    def literal(self, text: str) -> str:
        text = without_private(text)
        return escape_template(text) if self._escape else text

    def value(self, placeholder: Placeholder, text: str) -> str:
        if not text:
            return ""
        if self._formatted is None or placeholder.key in self._formatted:
            self.reusable = False
            text = without_private(text)
            return escape_source(text) if self._escape else text
        return self.stand_in(text)

    def items(self, placeholder: Placeholder, items: list[str]) -> str:
        return "\n\n" + "\n".join([f"* {self.value(placeholder, item)}" for item in items])

    def gap(self, placeholder: Placeholder) -> str:
        if placeholder.conditional_text is None:
            return self.stand_in(self._show_gap(f"(({placeholder.name}))"), finished=True)
        opening = self.stand_in(self._show_gap(f"(({placeholder.name}??"), finished=True)
        return opening + self.literal(placeholder.conditional_text) + self.stand_in(self._show_gap("))"), finished=True)

    def stand_in(self, text: str, *, finished: bool = False) -> str:
        """A character that stands in for the text; ``finished`` means the text is already fit for the output."""
        number = len(self._standing_in)
        if number >= _MOST:
            # A list of more than sixty thousand: the rest goes in with its Markdown defused.
            self.reusable = False
            text = _MARKDOWN_CHARACTERS.sub(r"\\\1", without_private(text).replace("\n", " "))
            return escape_value(text) if self._escape else text
        self._standing_in.append((finished, text))
        return chr(_FIRST + number)

    def fill_source(self, text: str) -> str:
        """The template with stand-ins."""
        return self.fill(text, self._values)

    def finish(self, pieces: tuple[str, ...]) -> str:
        """The output, cut at the stand-ins, with the values in their places."""
        if len(pieces) == 1:
            return pieces[0]
        done = list(pieces)
        for index in range(1, len(done), 2):
            done[index] = self._written(done[index])
        return "".join(done)

    def _written(self, mark: str) -> str:
        code = ord(mark[-1])
        in_address = code >= _FIRST + _TO_ADDRESS
        number = code - _FIRST - (_TO_ADDRESS if in_address else 0)
        if number >= len(self._standing_in):
            return ""
        finished, text = self._standing_in[number]
        if not self._escape:
            # Plain text: escaped only so that decoding entities at the end gives back what was typed.
            return escape_value(text if finished else self._unlink(text))
        if in_address:
            scheme = "" if len(mark) == 1 or text.startswith(KNOWN_SCHEMES) else "http://"
            return scheme + quote(escape_value(text), safe=ADDRESS_SAFE)
        if finished:
            return text
        text = escape_value(self._unlink(text))
        return "<br>".join(text.splitlines()) if "\n" in text or "\r" in text else text


def cut(text: str) -> tuple[str, ...]:
    """Cut finished output at its stand-ins: every second piece is one."""
    return tuple(_STAND_IN.split(text))
