"""What is wrong with the words of a template, before anyone fills it in."""

from __future__ import annotations

import re
from typing import Final

from content import language
from content.emails import EMAIL_BYTE_LIMIT
from content.letters import QR_BYTE_LIMIT, long_qr
from content.message import MessageContent
from content.sms import SMS_CHARACTER_LIMIT, encode_character, render_sms

_SUBJECT_LENGTH: Final = 255
_UNCLOSED: Final = re.compile(r"\(\((?![^()]+\)\))([^()\n]{0,40})")


def validate_template(channel: str, subject: str, body: str) -> list[str]:
    """Problems, as sentences for the page; an empty list if the template can be saved.

    Checks: something in the body; a subject (email) or heading (letter); no comma in a placeholder; texts of at most
    918 characters (placeholders count as nothing); emails of at most 2 MB; QR codes of at most 504 bytes.
    """
    problems: list[str] = []
    content = MessageContent(channel, body, subject)
    if channel in ("email", "letter") and not subject.strip():
        problems.append("Enter a subject" if channel == "email" else "Enter a heading")
    if len(subject) > _SUBJECT_LENGTH:
        problems.append(f"{'Subject' if channel == 'email' else 'Heading'} must be 255 characters or fewer")
    if not body.strip():
        problems.append("Enter a message")
    if any("," in name for name in language.names(*content.texts)):
        problems.append("You cannot put commas between double brackets")
    if channel == "sms":
        sms = render_sms(content, None)
        if sms.too_long:
            over = sms.characters - SMS_CHARACTER_LIMIT
            problems.append(f"The message is {over} character{'' if over == 1 else 's'} too long: the most is 918")
    elif channel == "email" and len(body.encode("utf-8", "surrogatepass")) > EMAIL_BYTE_LIMIT:
        problems.append("The message is too long: the most is 2 MB")
    elif channel == "letter" and (code := long_qr(content, None)):
        problems.append(f"The QR code holds {code.num_bytes} characters: the most is {QR_BYTE_LIMIT}. Use a shorter link")
    return problems


def template_warnings(channel: str, subject: str, body: str) -> list[str]:
    """Things that are allowed but probably a slip: brackets that are not closed, characters texts cannot show."""
    warnings = [
        f"The brackets at “(({found.group(1).strip()}” are not closed, so they will be sent as they are"
        for text in (subject, body)
        for found in _UNCLOSED.finditer(text)
    ]
    if channel == "sms":
        lost = list(unsupported_characters(body))
        if lost:
            shown = ", ".join(lost[:3]) + (" and others" if len(lost) > 3 else "")
            warnings.append(f"Text messages cannot show {shown}: they will arrive as “?”")
    return warnings


def unsupported_characters(text: str) -> dict[str, None]:
    """Characters of a text message that would arrive as ``?``, in order, once each."""
    return dict.fromkeys(c for c in text if not c.isspace() and c != "?" and encode_character(c) == "?")
