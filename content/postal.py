"""Postal addresses: three to seven lines, the last of them a UK postcode or a country."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from content.caching import remember
from content.countries import UNITED_KINGDOM, find_country, postage_zone
from content.errors import InvalidRecipient
from content.whitespace import close_up_punctuation, one_line

MIN_LINES: Final = 3
MAX_LINES: Final = 7

#: Code → what pages and the public API say. The order is the order of checking.
MESSAGES: Final = {
    "too_few_lines": "Address must be at least 3 lines",
    "too_many_lines": "Address must be no more than 7 lines",
    "no_alphanumeric_in_lines_1_and_2": (
        "The first 2 lines of the address must both include at least one alphanumeric character"
    ),
    "bfpo_with_country": "The last line of a BFPO address must not be a country.",
    "bad_last_line_international": "Last line of address must be a real UK postcode or another country",
    "bad_uk_postcode": "Must be a real UK postcode",
    "bad_first_character": ("Address lines must not start with any of the following characters: @ ( ) = [ ] ” \\ / , < >"),
    "no_fixed_abode": "Must be a real address",
}

#: Keys of an address in personalisation, as the public API spells them.
ADDRESS_KEYS: Final = tuple(f"address_line_{number}" for number in range(1, 8))
POSTCODE_KEY: Final = "postcode"

_AREAS: Final = [
    "AB",
    "AL",
    "B",
    "BA",
    "BB",
    "BD",
    "BF",
    "BH",
    "BL",
    "BN",
    "BR",
    "BS",
    "BT",
    "BX",
    "CA",
    "CB",
    "CF",
    "CH",
    "CM",
    "CO",
    "CR",
    "CT",
    "CV",
    "CW",
    "DA",
    "DD",
    "DE",
    "DG",
    "DH",
    "DL",
    "DN",
    "DT",
    "DY",
    "E",
    "EC",
    "EH",
    "EN",
    "EX",
    "FK",
    "FY",
    "G",
    "GL",
    "GU",
    "GY",
    "HA",
    "HD",
    "HG",
    "HP",
    "HR",
    "HS",
    "HU",
    "HX",
    "IG",
    "IM",
    "IP",
    "IV",
    "JE",
    "KA",
    "KT",
    "KW",
    "KY",
    "L",
    "GIR",
    "LA",
    "LD",
    "LE",
    "LL",
    "LN",
    "LS",
    "LU",
    "M",
    "ME",
    "MK",
    "ML",
    "N",
    "NE",
    "NG",
    "NN",
    "NP",
    "NR",
    "NW",
    "OL",
    "OX",
    "PA",
    "PE",
    "PH",
    "PL",
    "PO",
    "PR",
    "RG",
    "RH",
    "RM",
    "S",
    "SA",
    "SE",
    "SG",
    "SK",
    "SL",
    "SM",
    "SN",
    "SO",
    "SP",
    "SR",
    "SS",
    "ST",
    "SW",
    "SY",
    "TA",
    "TD",
    "TF",
    "TN",
    "TQ",
    "TR",
    "TS",
    "TW",
    "UB",
    "W",
    "WA",
    "WC",
    "WD",
    "WF",
    "WN",
    "WR",
    "WS",
    "WV",
    "YO",
    "ZE",
]
_POSTCODE: Final = re.compile(rf"(?:{'|'.join(_AREAS)})\d[0-9A-Z]?\d[ABD-HJLNP-UW-Z]{{2}}", re.ASCII)
_BFPO: Final = re.compile(r"bfpo\s*(?:c\s*/\s*o)?\s*(\d+)", re.IGNORECASE | re.ASCII)
_ALPHANUMERIC: Final = re.compile(r"[a-zA-Z0-9]")
_BAD_FIRST: Final = tuple('@()=[]"\\/,<>~')
_NO_FIXED_ABODE: Final = re.compile(r"no fixed (?:abode|address)", re.IGNORECASE)


def format_postcode(text: str) -> str | None:
    """``SW1A 1AA`` for any spelling of a postcode with a real area, else None. Whether it exists is not checked."""
    compact = text.replace(" ", "").upper()
    if not 5 <= len(compact) <= 7 or not _POSTCODE.fullmatch(compact):
        return None
    return f"{compact[:-3]} {compact[-3:]}"


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """An address as it will be printed. ``error`` says why nothing can be sent to it, or is None.

    ``zone`` is ``united-kingdom`` (crown dependencies and BFPO included), ``europe`` or ``rest-of-world``.
    """

    lines: tuple[str, ...]
    postcode: str | None
    country: str
    zone: str
    bfpo: int | None
    error: InvalidRecipient | None

    @property
    def is_valid(self) -> bool:
        return self.error is None

    @property
    def is_international(self) -> bool:
        return self.country != UNITED_KINGDOM

    @classmethod
    def parse(cls, address: str | Sequence[Any], *, international_allowed: bool = True) -> PostalAddress:
        """Read an address: one text with line breaks, or its lines. Never raises; look at ``error``."""
        text = address if isinstance(address, str) else "\n".join("" if part is None else str(part) for part in address)
        return _parse(text, international_allowed)

    @classmethod
    def from_personalisation(cls, values: Mapping[str, Any], *, international_allowed: bool = True) -> PostalAddress:
        """Read the address keys, spelled exactly so. ``postcode`` counts only where there is no ``address_line_7``."""
        keys = ADDRESS_KEYS if "address_line_7" in values else (*ADDRESS_KEYS[:6], POSTCODE_KEY)
        return cls.parse([values.get(key) for key in keys], international_allowed=international_allowed)


@remember(most=1024, longest=1_000)
def _parse(text: str, international_allowed: bool) -> PostalAddress:
    lines = [line for raw in text.splitlines() if (line := _tidy(raw))]
    lines, bfpo = _take_bfpo(lines)
    country = UNITED_KINGDOM
    while lines and (found := find_country(lines[-1])):
        lines.pop()
        if found != UNITED_KINGDOM:
            country = found
            break
    postcode = format_postcode(lines[-1]) if lines and country == UNITED_KINGDOM else None
    if postcode:
        lines[-1] = postcode
    if bfpo is not None:
        lines.append(f"BFPO {bfpo}")
    if country != UNITED_KINGDOM:
        lines.append(country)
    code = _first_error(lines, postcode, country, bfpo, international_allowed)
    return PostalAddress(
        lines=tuple(lines),
        postcode=postcode,
        country=country,
        zone=postage_zone(country),
        bfpo=bfpo,
        error=InvalidRecipient(code, MESSAGES[code]) if code else None,
    )


def _tidy(line: str) -> str:
    return close_up_punctuation(one_line(line).rstrip(" ,"))


def _take_bfpo(lines: list[str]) -> tuple[list[str], int | None]:
    """The lines without the one that is a BFPO number, and the number."""
    for index, line in enumerate(lines):
        found = _BFPO.fullmatch(line)
        if found and len(found.group(1)) <= 9:
            return lines[:index] + lines[index + 1 :], int(found.group(1))
    return lines, None


def _first_error(
    lines: list[str], postcode: str | None, country: str, bfpo: int | None, international_allowed: bool
) -> str | None:
    if len(lines) < MIN_LINES:
        return "too_few_lines"
    if len(lines) > MAX_LINES:
        return "too_many_lines"
    if not all(_ALPHANUMERIC.search(line) for line in lines[:2]):
        return "no_alphanumeric_in_lines_1_and_2"
    is_foreign = country != UNITED_KINGDOM
    if bfpo is not None and is_foreign:
        return "bfpo_with_country"
    if not (postcode or bfpo is not None or (is_foreign and international_allowed)):
        return "bad_last_line_international" if international_allowed else "bad_uk_postcode"
    if any(line.startswith(_BAD_FIRST) for line in lines):
        return "bad_first_character"
    if any(line.lower() == "nfa" for line in lines) or _NO_FIXED_ABODE.search("\n".join(lines)):
        return "no_fixed_abode"
    return None
