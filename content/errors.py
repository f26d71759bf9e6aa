"""What the text engine refuses, and how it says so."""

from __future__ import annotations


class ContentError(ValueError):
    """Base of everything the text engine refuses."""


class InvalidRecipient(ContentError):  # noqa: N818 - the name says what happened
    """A phone number, email address or postal address nobody can send to.

    ``code`` is stable and for programs, ``message`` is for the pages, ``api_message`` is what the public API answers
    (the same text unless the API words it differently).
    """

    def __init__(self, code: str, message: str, api_message: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.api_message = api_message or message


class UnreadableFile(ContentError):  # noqa: N818
    """A spreadsheet that cannot be read, or is refused. ``code`` is for programs, ``message`` for the page."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
