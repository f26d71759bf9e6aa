"""Email addresses: what is accepted, cleaned up."""

from __future__ import annotations

import re
from typing import Final

from content.errors import InvalidRecipient
from content.whitespace import drop_invisible

INVALID_EMAIL: Final = "Not a valid email address"
MAX_LENGTH: Final = 320
MAX_HOST_LENGTH: Final = 253

_LOCAL: Final = r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~\-]+"
_LABEL: Final = r"[a-z0-9]+(?:--?[a-z0-9]+)*"
_TOP: Final = r"(?:[a-z]{2,63}|xn--(?:[a-z0-9]+-)*[a-z0-9]+)"
_ADDRESS: Final = re.compile(rf"{_LOCAL}@((?:(?=[a-z0-9\-]{{1,63}}\.){_LABEL}\.)+{_TOP})", re.IGNORECASE | re.ASCII)
_SPLIT: Final = re.compile(rf"({_LOCAL})@([^.@\s][^@\s]+)")


def parse_email_address(raw: str) -> str:
    """The address without white space around it or invisible characters in it, otherwise as typed.

    Refuses with ``InvalidRecipient`` (code ``invalid_email_address``).
    """
    address = drop_invisible(raw).strip()
    if not is_email_address(address):
        raise InvalidRecipient("invalid_email_address", INVALID_EMAIL)
    return address


def normalise_email_address(raw: str) -> str:
    """The form in which addresses are compared and sent to."""
    return drop_invisible(raw).strip().lower()


def is_email_address(address: str) -> bool:
    """Whether a cleaned address is acceptable."""
    if len(address) > MAX_LENGTH or ".." in address:
        return False
    found = _ADDRESS.fullmatch(address)
    if found:
        return len(address) <= MAX_HOST_LENGTH or len(found.group(1)) <= MAX_HOST_LENGTH
    if address.isascii():
        return False
    return _is_international_address(address)


def _is_international_address(address: str) -> bool:
    """An address whose host is written in another script."""
    found = _SPLIT.fullmatch(address)
    if not found:
        return False
    try:
        host = found.group(2).encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return len(host) <= MAX_HOST_LENGTH and bool(_ADDRESS.fullmatch(f"a@{host}"))
