"""Quotes that curl, dashes between words, and "GOV.UK" that mail programs leave alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from content import whitespace

_GOVUK: Final = re.compile(r"(^|\s)(gov)\.(uk)(?![/?#])", re.IGNORECASE)
_SPACED_DASH: Final = re.compile(r"[-–—](?<=\s.)[-–—]{0,2}\s+")
_WORD_WITH_AT: Final = re.compile(r"(^|\s)\S+@\S+(\s|$)", re.MULTILINE)

_LEFT_ALONE: Final = re.compile(r"<(/)?(pre|samp|code|tt|kbd|script|style|math|a)[^>]*>", re.IGNORECASE)

# How quotes curl, in this order; the first group of each is kept. Rules and order follow SmartyPants, which is what
# people's templates have been set with for years.
_NOT_CLOSING: Final = r"[^ \t\r\n\[{(\-]"
_OPENING_CONTEXT: Final = r"\s|&nbsp;|--|&[mn]dash;"
_PUNCTUATION: Final = r"[!\"#$%'()*+,\-./:;<=>?@\[\\\]^_`{|}~]"
_SINGLE: Final = (
    (re.compile(r"\"'(?=\w)"), "“‘"),
    (re.compile(r"'\"(?=\w)"), "‘“"),
    (re.compile(r"\b'(?=\d{2}s)"), "’"),
    (re.compile(rf"({_OPENING_CONTEXT})'(?=\w)"), r"\1‘"),
    (re.compile(rf"({_NOT_CLOSING})'(?!\s|s\b|\d)"), r"\1’"),
    (re.compile(rf"({_NOT_CLOSING})'(\s|s\b)"), r"\1’\2"),
    (re.compile(r"'"), "‘"),
)
_DOUBLE: Final = (
    (re.compile(rf"({_OPENING_CONTEXT})\"(?=\w)"), r"\1“"),
    (re.compile(r"\"(?=\s)"), "”"),
    (re.compile(rf"^\"(?={_PUNCTUATION})"), "”"),
    (re.compile(rf"({_NOT_CLOSING})\""), r"\1”"),
    (re.compile(r"\""), "“"),
)
_ESCAPED: Final = re.compile(r"\\([\\\"'.\-`])")


def unlink_govuk(text: str) -> str:
    """A zero-width space inside a bare "GOV.UK", so that mail programs do not make a link of it."""
    return _GOVUK.sub("\\1\\2.\u200b\\3", text) if "gov.uk" in text.lower() else text


def apply(text: str) -> str:
    """All of the typography for finished HTML or plain text."""
    text = whitespace.close_up_punctuation(text)
    if "'" in text or '"' in text or "\\" in text:
        text = _curl_outside_tags(text)
        if "@" in text:
            text = _WORD_WITH_AT.sub(_straighten, text)
    if "-" in text or "–" in text or "—" in text:
        text = _set_dashes(text)
    return text


def _set_dashes(text: str) -> str:
    """One to three dashes between spaces become an en dash with one space on either side."""
    done: list[str] = []
    end = 0
    for found in _SPACED_DASH.finditer(text):
        # Right after a dash that was set, the space in front is already spoken for.
        if found.start() > end:
            done += (text[end : found.start()].rstrip(), " – ")
            end = found.end()
    return "".join(done) + text[end:] if done else text


def _straighten(found: re.Match[str]) -> str:
    return found.group(0).replace("‘", "'").replace("’", "'")


def _curl_outside_tags(text: str) -> str:
    if "<" not in text:
        return _curl_token(text, "")
    done: list[str] = []
    skipping: list[str] = []
    before = ""
    for is_tag, token in _tokens(text):
        if not token:
            continue
        if is_tag:
            done.append(token)
            found = _LEFT_ALONE.match(token)
            if found and not found.group(1):
                skipping.append(found.group(2).lower())
            elif found and skipping and skipping[-1] == found.group(2).lower():
                skipping.pop()
            continue
        done.append(token if skipping else _curl_token(token, before))
        before = token[-1]
    return "".join(done)


def _tokens(text: str) -> Iterator[tuple[bool, str]]:
    """The text cut into tags (and comments) and what is between them. By hand: an expression would be quadratic."""
    position = 0
    has_comments = "-->" in text
    while (start := text.find("<", position)) != -1:
        end = -1
        if has_comments and text.startswith("<!--", start):
            end = text.find("-->", start + 4)
            has_comments = end != -1
            end = end + 2 if has_comments else -1
        if end == -1:
            end = text.find(">", start)
        if end == -1:
            break
        yield False, text[position:start]
        yield True, text[start : end + 1]
        position = end + 1
    yield False, text[position:]


def _curl_token(text: str, before: str) -> str:
    """Curl the quotes of one stretch of text; ``before`` is the character in front of it, for a lone quote."""
    if "\\" in text:
        text = _ESCAPED.sub(lambda found: f"&#{ord(found.group(1))};", text)
    if text == "'":
        return "’" if before.strip() else "‘"
    if text == '"':
        return "”" if before.strip() else "“"
    if "'" in text:
        for pattern, replacement in _SINGLE:
            text = pattern.sub(replacement, text)
    if '"' in text:
        for pattern, replacement in _DOUBLE:
            text = pattern.sub(replacement, text)
    return text
