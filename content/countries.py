"""Countries as people write them on the last line of an address, and where post to them goes.

Names: GOV.UK's; other names (native, Welsh, former, short) stand in ``data/countries.txt``. Zones: Royal Mail's Europe,
everything else is the rest of the world.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from content.caching import remember

UNITED_KINGDOM: Final = "United Kingdom"

#: Written under a postcode, but not another country for the post.
_UK_NAMES: Final = (
    "United Kingdom",
    "United Kingdom of Great Britain and Northern Ireland",
    "The United Kingdom",
    "UK",
    "U.K.",
    "GB",
    "GBR",
    "Great Britain",
    "Britain",
    "Prydain",
    "Prydain Fawr",
    "Y Deyrnas Unedig",
    "Deyrnas Unedig",
    "England",
    "Lloegr",
    "Scotland",
    "Yr Alban",
    "Alba",
    "Wales",
    "Cymru",
    "Northern Ireland",
    "N Ireland",
    "NI",
    "Gogledd Iwerddon",
    "Channel Islands",
    "Ynysoedd y Sianel",
    "Jersey",
    "Guernsey",
    "Bailiwick of Guernsey",
    "Bailiwick of Jersey",
    "Alderney",
    "Sark",
    "Little Sark",
    "Herm",
    "Jethou",
    "Brecqhou",
    "Lihou",
    "Isle of Man",
    "Ynys Manaw",
)

_EUROPE: Final = frozenset(
    [
        "Albania",
        "Andorra",
        "Armenia",
        "Austria",
        "Azerbaijan",
        "Azores",
        "Balearic Islands",
        "Belarus",
        "Belgium",
        "Bosnia and Herzegovina",
        "Bulgaria",
        "Canary Islands",
        "Corsica",
        "Croatia",
        "Cyprus",
        "Czechia",
        "Denmark",
        "Estonia",
        "Faroe Islands",
        "Finland",
        "France",
        "Georgia",
        "Germany",
        "Gibraltar",
        "Greece",
        "Greenland",
        "Hungary",
        "Iceland",
        "Ireland",
        "Italy",
        "Kazakhstan",
        "Kosovo",
        "Kyrgyzstan",
        "Latvia",
        "Liechtenstein",
        "Lithuania",
        "Luxembourg",
        "Madeira",
        "Malta",
        "Moldova",
        "Monaco",
        "Montenegro",
        "Netherlands",
        "North Macedonia",
        "Norway",
        "Poland",
        "Portugal",
        "Romania",
        "Russia",
        "San Marino",
        "Serbia",
        "Slovakia",
        "Slovenia",
        "Spain",
        "Sweden",
        "Switzerland",
        "Tajikistan",
        "Turkey",
        "Turkmenistan",
        "Ukraine",
        "Uzbekistan",
        "Vatican City",
    ]
)

_IGNORED: Final = str.maketrans("", "", " _-'’,.()")
_LEADING_THE: Final = re.compile(r"^the\s+", re.IGNORECASE)
_SPECIAL_LETTERS: Final = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)


def _key(name: str) -> str:
    name = name.replace("&", "and").replace("+", "and").translate(_IGNORED).lower().translate(_SPECIAL_LETTERS)
    if name.isascii():
        return name
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))


@cache
def _names() -> dict[str, str]:
    """Every known spelling's key → the name to print."""
    known: dict[str, str] = {}
    text = (Path(__file__).parent / "data" / "countries.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        name, equals, others = line.partition("=")
        if equals and not line.startswith("#"):
            known[_key(name)] = name
            for other in filter(None, others.split("|")):
                known.setdefault(_key(other), name)
    for name in _UK_NAMES:
        known[_key(name)] = UNITED_KINGDOM
    return known


@remember(most=4096, longest=100)
def find_country(text: str) -> str | None:
    """The country a line names: its name to print, ``United Kingdom`` for any part of it, None if it names none."""
    if len(text) > 100 or any(character.isdigit() for character in text):
        return None
    names = _names()
    for candidate in (text, f"the {text}", f"yr {text}", f"y {text}", _LEADING_THE.sub("", text)):
        key = _key(candidate)
        if key and key in names:
            return names[key]
    return None


def postage_zone(country: str) -> str:
    """``united-kingdom``, ``europe`` or ``rest-of-world``."""
    if country == UNITED_KINGDOM:
        return "united-kingdom"
    return "europe" if country in _EUROPE else "rest-of-world"
