"""Text messages: which characters a phone can show, and how many parts a message takes.

Numbers: GSM 03.38 (160 characters in a single part, 153 in each of several; extension characters count twice) and
UCS-2 (70, 67). The limit of 918 characters is six GSM parts, counted without the service's name in front.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, Any, Final, Literal

from content import language, whitespace

if TYPE_CHECKING:
    from content.message import MessageContent

SMS_CHARACTER_LIMIT: Final = 918

GSM_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION: Final = frozenset("^{}\\[~]|€")
WELSH: Final = frozenset("ÀÈÌÒÙẀỲÁÉÍÓÚẂÝÄËÏÖÜẄŸÂÊÎÔÛŴŶàèìòùẁỳáéíóúẃýäëïöüẅÿâêîôûŵŷ")
FORCES_UCS2: Final = WELSH - GSM_BASIC
ALLOWED: Final = GSM_BASIC | GSM_EXTENSION | WELSH

_REPLACEMENTS: Final = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u2018\u2019", "'"),
    **dict.fromkeys("\u201c\u201d", '"'),
    **dict.fromkeys(whitespace.ZERO_WIDTH, ""),
    **dict.fromkeys("\t" + whitespace.NO_BREAK, " "),
    "…": "...",
    "Ł": "L",
    "ł": "l",
}
_EXTENSION: Final = re.compile(r"[\^{}\\\[~\]|€]")


@lru_cache(maxsize=4096)
def encode_character(character: str) -> str:
    """The character as a phone will show it: itself, its nearest relative, or ``?``."""
    if character in ALLOWED:
        return character
    if character in _REPLACEMENTS:
        return _REPLACEMENTS[character]
    parts = unicodedata.decomposition(character)
    # "<" marks a compatibility decomposition (½, ², ﬁ): the base alone would change the meaning.
    if parts and "<" not in parts:
        return encode_character(chr(int(parts.split()[0], 16)))
    return "?"


def encode(text: str) -> str:
    """The text with every character downgraded to what a phone can show."""
    if ALLOWED.issuperset(text):
        return text
    return "".join(map(encode_character, text))


def clean(text: str) -> str:
    """White space tidied, characters downgraded: what is handed to the provider."""
    text = whitespace.tidy_lines(whitespace.close_up_punctuation(text))
    return encode(whitespace.squeeze_newlines(text).strip())


@dataclass(frozen=True, slots=True)
class SmsSize:
    """How much room a text takes. ``characters`` counts as typed, without counting extension characters twice."""

    encoding: Literal["gsm", "ucs2"]
    fragments: int
    characters: int
    too_long: bool


def count_sms(text: str) -> SmsSize:
    """Size of a finished text (already cleaned, or cleaned here if it is not).

    ``too_long`` takes the whole text; use ``RenderedSms.too_long`` where a service's name stands in front.
    """
    if not ALLOWED.issuperset(text):
        text = encode(text)
    characters = len(text)
    encoding, fragments = _fragments(text)
    return SmsSize(encoding, fragments, characters, characters > SMS_CHARACTER_LIMIT)


def _fragments(text: str) -> tuple[Literal["gsm", "ucs2"], int]:
    length = len(text)
    if not text.isascii() and not FORCES_UCS2.isdisjoint(text):
        return "ucs2", 1 if length <= 70 else ceil(length / 67)
    length += len(_EXTENSION.findall(text))
    return "gsm", 1 if length <= 160 else ceil(length / 153)


@dataclass(frozen=True, slots=True)
class RenderedSms:
    """A text message as it will be sent.

    ``text`` includes the service's name where one was given; ``characters`` counts all of it,
    ``characters_without_prefix`` is what the limit applies to.
    """

    text: str
    encoding: Literal["gsm", "ucs2"]
    fragments: int
    characters: int
    characters_without_prefix: int
    too_long: bool
    empty: bool
    body: str


def render_sms(
    content: MessageContent,
    values: Mapping[str, Any] | None,
    *,
    prefix: str | None = None,
    formatted: Collection[str] | str = (),
) -> RenderedSms:
    """Fill and clean a text message.

    ``prefix`` is the service's name, put in front as ``Name: `` and left out of the 918 character limit; pass None
    where the service does not want it. ``formatted`` is accepted for symmetry: texts carry no Markdown. A placeholder
    without a value stays ``((name))``, except that with no values at all it counts as nothing.
    """
    filled = language.PLAIN.fill(content.body, language.normalise_keys(values))
    body = text = clean(filled)
    name = prefix.strip() if prefix else ""
    if name:
        text = clean(f"{name}: {filled}")
    counted_text, counted_body = text, body
    if not values and "((" in content.body:
        bare = _without_placeholders(content.body)
        counted_body = clean(bare)
        counted_text = clean(f"{name}: {bare}") if name else counted_body
    encoding, fragments = _fragments(counted_text)
    return RenderedSms(
        text=text,
        encoding=encoding,
        fragments=fragments,
        characters=len(counted_text),
        characters_without_prefix=len(counted_body),
        too_long=len(counted_body) > SMS_CHARACTER_LIMIT,
        empty=not counted_body,
        body=body,
    )


def _without_placeholders(text: str) -> str:
    return "".join([part for part in language.parse(text) if isinstance(part, str)])
