"""What the engine is given: a template's words, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from content import language

Channel = Literal["sms", "email", "letter"]


@dataclass(frozen=True, slots=True)
class MessageContent:
    """The words of a template. Subject is the heading of a letter; the other fields are for letters and emails only."""

    channel: str
    body: str
    subject: str = ""
    contact_block: str = ""
    welsh_subject: str = ""
    welsh_body: str = ""
    unsubscribe_link: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts with placeholders, in the order in which placeholders are listed."""
        if self.channel == "sms":
            return (self.body,)
        if self.channel == "letter":
            return (self.contact_block, self.welsh_subject, self.welsh_body, self.subject, self.body)
        return (self.subject, self.body)


def placeholders(content: MessageContent) -> list[str]:
    """Names of the template's placeholders: in order of appearance, once per key, first spelling wins."""
    return language.names(*content.texts)


def missing_values(content: MessageContent, values: Mapping[str, Any] | None) -> list[str]:
    """Names of placeholders without a value (absent or null; an empty text is a value)."""
    return language.missing(placeholders(content), values)


def render_body_source(content: MessageContent, values: Mapping[str, Any] | None) -> str:
    """The ``body`` the public API answers for emails and letters: Markdown source with values, trimmed, not escaped."""
    return language.HIGHLIGHTING.fill(content.body, language.normalise_keys(values)).strip()


def is_body_empty(content: MessageContent, values: Mapping[str, Any] | None) -> bool:
    """Whether an email or letter comes out with nothing in it. Only a template that is all placeholders can."""
    body = content.body
    if body and not (body.startswith("((") and body.endswith("))")):
        return False
    return not render_body_source(content, values)
