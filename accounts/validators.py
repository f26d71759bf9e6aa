"""What a password must not be. Lengths are Django's own validators (settings/accounts.py)."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

from content import InvalidRecipient, parse_phone

LONGEST = 255


class LongestPassword:
    """Refuses more than 255 characters (reference: web-ui §1.5): hashing a book costs time."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(f"Your password must be {LONGEST} characters or fewer", code="password_too_long")

    def get_help_text(self) -> str:
        return f"Your password must be {LONGEST} characters or fewer."


class PlatformWords:
    """Refuses passwords that are little more than the platform's name."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        rest = password.lower().replace(settings.PLATFORM_NAME.lower(), "").replace("notify", "")
        if len(rest) < 4 and rest != password.lower():
            raise ValidationError("Your password must not be the name of this platform", code="password_platform")

    def get_help_text(self) -> str:
        return "Your password must not be the name of this platform."


class BreachList:
    """Refuses passwords whose SHA-1 stands in a local list of breached ones.

    The setting PASSWORD_BREACH_FILE names a file of lines that begin with an upper-case SHA-1 and are sorted by it, as the
    public lists are. It is searched by halving, so that its gigabytes are never read; without the setting nothing is refused.
    """

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        path = settings.PASSWORD_BREACH_FILE
        digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        if path and _holds(Path(path), digest.encode()):
            raise ValidationError("This password is known to attackers. Choose another one", code="password_breached")

    def get_help_text(self) -> str:
        return "Your password must not be one that is known to attackers."


def _holds(path: Path, digest: bytes) -> bool:
    """Whether a line of a sorted file begins with the digest."""
    with path.open("rb") as file:
        low, high = 0, path.stat().st_size
        while low < high:
            middle = (low + high) // 2
            file.seek(middle)
            if middle:
                file.readline()
            line = file.readline()
            if not line or line[: len(digest)].upper() > digest:
                high = middle
            elif line[: len(digest)].upper() == digest:
                return True
            else:
                low = middle + 1
        file.seek(low)
        return file.readline()[: len(digest)].upper() == digest


# What the engine refuses, in words for somebody who types their own number.
_NOT_A_NUMBER = "Enter a mobile number, like 07700 900 123 or +44 7700 900 123"
_NOT_REAL = "Enter a real mobile number, with its country code if it is not from the UK"
_NOT_A_MOBILE = "Enter the number of a mobile phone"
_MOBILE_ERRORS = {"unknown_character": _NOT_A_NUMBER, "not_a_uk_mobile": _NOT_A_MOBILE}


def read_mobile(typed: str) -> str:
    """A mobile number of any country in E.164; refuses others with ValueError, in words for the person."""
    try:
        number = parse_phone(typed, international_allowed=True)
    except InvalidRecipient as error:
        raise ValueError(_MOBILE_ERRORS.get(error.code, _NOT_REAL)) from error
    if number.is_landline:
        raise ValueError(_NOT_A_MOBILE)
    return number.e164
