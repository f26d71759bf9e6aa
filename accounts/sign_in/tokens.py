"""Signed links of an account: what they carry, and how long they work."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core import signing

CODE_LASTS = timedelta(minutes=10)
EMAIL_CHANGE_LASTS = timedelta(hours=1)
FIRST_ADMINISTRATOR_LASTS = timedelta(days=2)

_CODE = "accounts.code"
_EMAIL_CHANGE = "accounts.email-change"
_FIRST = "accounts.first-administrator"


@dataclass(frozen=True)
class EmailChange:
    """Whose address changes, from what, to what. The old one makes the link work once."""

    user_id: UUID
    before: str
    after: str


def sign_code(code: str) -> str:
    """A sign-in code for a link; it works only in the browser that asked for the code."""
    return signing.dumps(code, salt=_CODE)


def read_code(token: str) -> str | None:
    return _read(token, _CODE, CODE_LASTS)


def sign_email_change(change: EmailChange) -> str:
    return signing.dumps([str(change.user_id), change.before, change.after], salt=_EMAIL_CHANGE)


def read_email_change(token: str) -> EmailChange | None:
    """What a link asks for; None when it is forged, cut or older than an hour."""
    found = _read(token, _EMAIL_CHANGE, EMAIL_CHANGE_LASTS)
    return EmailChange(UUID(found[0]), found[1], found[2]) if found else None


def sign_first_administrator() -> str:
    return signing.dumps("first", salt=_FIRST)


def reads_first_administrator(token: str) -> bool:
    return _read(token, _FIRST, FIRST_ADMINISTRATOR_LASTS) == "first"


def _read(token: str, salt: str, lasts: timedelta) -> Any:
    try:
        return signing.loads(token, salt=salt, max_age=lasts)
    except signing.BadSignature:
        return None
