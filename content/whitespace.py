"""White space as people paste it: no-break, zero-width, tabs, and lines of it."""

from __future__ import annotations

import re
from typing import Final

ZERO_WIDTH: Final = "\u180e\u200b\u200c\u200d\u2060\ufeff\u2028\u2029"
NO_BREAK: Final = "\u00a0\u202f"
ALL_WHITESPACE: Final = " \t\n\r\x0b\x0c" + ZERO_WIDTH + NO_BREAK

_DROP_ZERO_WIDTH: Final = str.maketrans("", "", ZERO_WIDTH)
_HAS_ZERO_WIDTH: Final = re.compile(f"[{ZERO_WIDTH}]")
_DROP_INVISIBLE: Final = str.maketrans("", "", ZERO_WIDTH + NO_BREAK)
_BEFORE_PUNCTUATION: Final = re.compile(r"(?<![ \t])[ \t]+([,.])")
_MANY_NEWLINES: Final = re.compile(r"\n{3,}")


def drop_zero_width(text: str) -> str:
    """Without characters that take no room."""
    if text.isascii() or not _HAS_ZERO_WIDTH.search(text):
        return text
    return text.translate(_DROP_ZERO_WIDTH)


def drop_invisible(text: str) -> str:
    """Without zero-width and no-break characters: for things that may not contain any, such as email addresses."""
    return text if text.isascii() else text.translate(_DROP_INVISIBLE)


def trim(text: str) -> str:
    """Without white space of any kind at both ends."""
    return text.strip(ALL_WHITESPACE)


def one_line(text: str) -> str:
    """White space with a width becomes one space, white space without vanishes, ends are trimmed."""
    return " ".join(drop_zero_width(text).split())


def tidy_lines(text: str) -> str:
    """Each line as ``one_line`` makes it; line ends become ``\\n``."""
    return "\n".join([" ".join(line.split()) for line in drop_zero_width(text).splitlines()])


def squeeze_newlines(text: str) -> str:
    """Three or more line breaks in a row become two."""
    return _MANY_NEWLINES.sub("\n\n", text) if "\n\n\n" in text else text


def close_up_punctuation(text: str) -> str:
    """No spaces or tabs directly before a comma or full stop."""
    if " ," in text or " ." in text or "\t," in text or "\t." in text:
        return _BEFORE_PUNCTUATION.sub(r"\1", text)
    return text
