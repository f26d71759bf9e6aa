"""Names turned into parts of addresses and keys."""

from __future__ import annotations

import re
import unicodedata

from content.email_addresses import normalise_email_address
from content.errors import InvalidRecipient
from content.phones import parse_phone


def _simplified(name: str, space: str) -> str:
    decomposed = unicodedata.normalize("NFD", name.strip())
    plain = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
    spaced = re.sub(r"\s+", space, plain)
    return "".join(c.lower() for c in spaced if c.isalnum() or c in (space, "."))


def email_sender_local_part(service_name: str) -> str:
    """What stands before the ``@`` of a service's sender address: ``My Service`` → ``my.service``."""
    return re.sub(r"\.{2,}", ".", _simplified(service_name, ".")).strip(".")


def api_key_name_prefix(key_name: str) -> str:
    """The readable beginning of an API key: ``Key-1 (live)`` → ``key1_live``."""
    return _simplified(key_name, "_").replace(".", "")


def comparable_recipient(recipient: str) -> str:
    """One form per person, however it is written: the number in E.164, or the address in lower case."""
    if "@" in recipient:
        return normalise_email_address(recipient)
    try:
        return parse_phone(recipient, international_allowed=True, landlines_allowed=True).e164
    except InvalidRecipient:
        return normalise_email_address(recipient)
