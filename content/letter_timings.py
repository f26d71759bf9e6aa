"""When a letter is printed and when it arrives.

Numbers: letters are collected at 17:30; printing is by 15:00 of the next working day, delivery by 16:00; days in
transit are Royal Mail's, plus one. Working days are Monday to Friday (Saturday too for first class) without the bank
holidays of England and Wales, which are worked out from their rules; pass proclaimed ones with ``extra_holidays``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")

#: From the moment of collection to midnight: adding it moves what comes later to the next day.
_COLLECTION: Final = timedelta(hours=6, minutes=30)
_PRINTED: Final = time(15)
_DELIVERED: Final = time(16)
_DAYS_IN_TRANSIT: Final = {
    "first": (0, 0),
    "second": (3, 4),
    "economy": (3, 6),
    "europe": (3, 5),
    "rest-of-world": (5, 7),
}


@dataclass(frozen=True, slots=True)
class LetterTimings:
    """Aware UTC times: printed by then, and delivered between."""

    printed_by: datetime
    earliest: datetime
    latest: datetime


def letter_timings(created_at: datetime, postage: str, *, extra_holidays: Collection[date] = ()) -> LetterTimings:
    """Estimate for a letter made at an aware moment. An unknown postage counts as second class."""
    processed = (created_at.astimezone(LONDON).replace(tzinfo=None) + _COLLECTION).date()
    printed = _add_working_days(processed, 1, False, extra_holidays)
    saturdays = postage == "first"
    earliest, latest = (
        _add_working_days(printed, days + 1, saturdays, extra_holidays)
        for days in _DAYS_IN_TRANSIT.get(postage, _DAYS_IN_TRANSIT["second"])
    )
    return LetterTimings(_at(printed, _PRINTED), _at(earliest, _DELIVERED), _at(latest, _DELIVERED))


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, LONDON).astimezone(UTC)


def _add_working_days(day: date, count: int, saturdays: bool, extra: Collection[date]) -> date:
    while count:
        day += timedelta(days=1)
        is_weekday = day.weekday() < (6 if saturdays else 5)
        if is_weekday and day not in bank_holidays(day.year) and day not in extra:
            count -= 1
    return day


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """Bank holidays of England and Wales, with their substitute days."""
    easter = _easter(year)
    days = {
        _first_weekday_from(date(year, 1, 1)),
        easter - timedelta(days=2),
        easter + timedelta(days=1),
        _monday_from(date(year, 5, 1)),
        _monday_from(date(year, 5, 25)),
        _monday_from(date(year, 8, 25)),
    }
    christmas, boxing = date(year, 12, 25), date(year, 12, 26)
    taken: set[date] = {day for day in (christmas, boxing) if day.weekday() < 5}
    for day in (christmas, boxing):
        if day.weekday() >= 5:
            substitute = _first_weekday_from(day)
            while substitute in taken:
                substitute += timedelta(days=1)
            taken.add(substitute)
    return frozenset(days | taken)


def _first_weekday_from(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian computus."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
