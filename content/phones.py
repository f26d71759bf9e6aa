"""Phone numbers people type, and what the platform makes of them.

The rules are libphonenumber's with the UK as home, plus: only mobiles, fixed lines, non-geographic (03, 055) and
personal numbers; Ofcom's numbers for drama (07700 9…) count as UK mobiles, though nobody owns them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, ValidationResult

from content.caching import remember
from content.errors import InvalidRecipient
from content.phone_rates import RATE_MULTIPLIERS, WITHOUT_RECEIPTS
from content.whitespace import ALL_WHITESPACE

#: Code → (what a page says, what the public API says).
MESSAGES: Final = {
    "invalid_number": ("Number is not valid – double check the phone number you entered",) * 2,
    "too_long": ("Mobile number is too long", "Too many digits"),
    "too_short": ("Mobile number is too short", "Not enough digits"),
    "not_a_uk_mobile": (
        "This does not look like a UK mobile number – double check the mobile number you entered",
        "Not a UK mobile number",
    ),
    "unknown_character": (
        "Mobile numbers can only include: 0 1 2 3 4 5 6 7 8 9 ( ) + -",
        "Must not contain letters or symbols",
    ),
    "unsupported_country_code": (
        "Country code not found - double check the mobile number you entered",
        "Not a valid country prefix",
    ),
}

_ALLOWED: Final = frozenset("0123456789()+-" + ALL_WHITESPACE)
_DROP_PUNCTUATION: Final = str.maketrans("", "", "()-" + ALL_WHITESPACE)
_DRAMA: Final = re.compile(r"7700\d{6}")
_HOME_PREFIX: Final = re.compile(r"0[1-9]")
_CROWN_DEPENDENCIES: Final = frozenset(("GG", "JE", "IM"))
_LANDLINES: Final = frozenset((PhoneNumberType.FIXED_LINE, PhoneNumberType.UAN))
_SENDABLE: Final = _LANDLINES | {
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.PERSONAL_NUMBER,
}

_UK: Final[Any] = phonenumbers.PhoneMetadata.metadata_for_region("GB")
# Most numbers are ordinary UK mobiles. One expression made from the library's own data recognises those sixty times
# faster than the library; everything else takes the long way.
_UK_MOBILE: Final = re.compile(rf"(?:\+44|0044|44|0|)(7700[0-9]{{6}}|(?=7)(?:{_UK.mobile.national_number_pattern}))")


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number messages can be sent to. ``normalised`` is E.164 without the plus; ``prefix`` is what billing goes
    by."""

    e164: str
    normalised: str
    readable: str
    country: str
    is_international: bool
    is_crown_dependency: bool
    is_landline: bool
    prefix: str
    rate_multiplier: int
    gives_receipts: bool


def parse_phone(raw: str, *, international_allowed: bool = False, landlines_allowed: bool = False) -> PhoneNumber:
    """Read a phone number as a person typed it.

    Refuses with ``InvalidRecipient`` and one of the codes of ``MESSAGES``. The crown dependencies count as
    international (they cost more) but need no permission.
    """
    normalised = normalise_uk_mobile(raw)
    if normalised:
        return _uk_mobile(normalised)
    number = _understood(raw)
    is_uk = number.prefix == "44"
    if (not is_uk and not international_allowed) or (is_uk and number.is_landline and not landlines_allowed):
        raise _invalid("not_a_uk_mobile")
    if number.prefix not in RATE_MULTIPLIERS:
        raise _invalid("unsupported_country_code")
    return number


def normalise_uk_mobile(raw: str) -> str | None:
    """The normalised form (``447…``) if this is plainly a UK mobile, else None. Fast: for whole spreadsheets."""
    found = _UK_MOBILE.fullmatch(raw) or _UK_MOBILE.fullmatch(raw.translate(_DROP_PUNCTUATION))
    return f"44{found.group(1)}" if found else None


def _uk_mobile(normalised: str) -> PhoneNumber:
    national = normalised[2:]
    return PhoneNumber(
        e164=f"+{normalised}",
        normalised=normalised,
        readable=f"0{national[:4]} {national[4:]}",
        country="GB",
        is_international=False,
        is_crown_dependency=False,
        is_landline=False,
        prefix="44",
        rate_multiplier=1,
        gives_receipts=True,
    )


def _invalid(code: str) -> InvalidRecipient:
    return InvalidRecipient(code, *MESSAGES[code])


@remember(most=8192, longest=200)
def _understand(raw: str) -> PhoneNumber | str:
    """The number, or the code of what is wrong with it."""
    try:
        return _describe(_valid(raw))
    except InvalidRecipient:
        # People write "0+44…" or too many zeros: without any plus and leading zeros it may yet be a number.
        bare = raw.replace("+", "").translate(_DROP_PUNCTUATION).lstrip("0")
        try:
            return _describe(_valid(bare, typed=raw))
        except InvalidRecipient as error:
            return error.code


def _understood(raw: str) -> PhoneNumber:
    understood = _understand(raw[:200])
    if isinstance(understood, str):
        raise _invalid(understood)
    return understood


def _valid(raw: str, typed: str | None = None) -> phonenumbers.PhoneNumber:
    if not _ALLOWED.issuperset(raw):
        raise _invalid("unknown_character")
    if not raw and not typed:
        raise _invalid("too_short")
    number = _parsed(raw)
    if number is None:
        raise _invalid("invalid_number")
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != ValidationResult.IS_POSSIBLE:
        number = _as_international(raw, typed)
        if number is None:
            raise _invalid(_REASONS.get(reason, "invalid_number"))
    if _is_drama(number):
        return number
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _SENDABLE:
        raise _invalid("invalid_number")
    return number


_REASONS: Final = {
    ValidationResult.TOO_LONG: "too_long",
    ValidationResult.TOO_SHORT: "too_short",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "too_short",
    ValidationResult.INVALID_COUNTRY_CODE: "unsupported_country_code",
}


def _as_international(raw: str, typed: str | None) -> phonenumbers.PhoneNumber | None:
    """The digits read with a plus in front, if that makes a number of possible length.

    Not for what was typed with a single leading zero: that is a UK number with a digit too many or too few, and reading
    it as a number in Russia would send a stranger the message.
    """
    as_typed = (typed or raw).translate(_DROP_PUNCTUATION)
    if _HOME_PREFIX.match(as_typed):
        return None
    number = _parsed(f"+{raw}")
    if number is None or not phonenumbers.is_possible_number(number):
        return None
    return number


def _parsed(raw: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(raw, "GB")
    except NumberParseException:
        return None


def _is_drama(number: phonenumbers.PhoneNumber) -> bool:
    return number.country_code == 44 and bool(_DRAMA.fullmatch(str(number.national_number)))


def _describe(number: phonenumbers.PhoneNumber) -> PhoneNumber:
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if _is_drama(number):
        return _uk_mobile(e164[1:])
    region = phonenumbers.region_code_for_number(number) or ""
    is_international = region != "GB"
    prefix = str(number.country_code)
    if prefix == "1" and (area := e164[1:5]) in RATE_MULTIPLIERS:
        prefix = area
    national = prefix == "44"
    readable = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL if national else PhoneNumberFormat.INTERNATIONAL)
    return PhoneNumber(
        e164=e164,
        normalised=e164[1:],
        readable=readable,
        country=region,
        is_international=is_international,
        is_crown_dependency=region in _CROWN_DEPENDENCIES,
        is_landline=phonenumbers.number_type(number) in _LANDLINES,
        prefix=prefix,
        rate_multiplier=RATE_MULTIPLIERS.get(prefix, 1) if is_international else 1,
        gives_receipts=prefix not in WITHOUT_RECEIPTS,
    )
