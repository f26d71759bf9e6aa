"""The one clock, and the days that figures are kept by."""

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone


def now() -> datetime:
    """This moment, aware, in UTC."""
    return timezone.now()


def utc_day(moment: datetime | None = None) -> date:
    """The UTC day that daily limits count by (reference: public-api §11.2)."""
    return (moment or now()).astimezone(UTC).date()


def local_day(moment: datetime | None = None) -> date:
    """The day in the platform's own time zone, which statistics and bills use."""
    return timezone.localdate(moment or now())


def start_of_next_utc_day(moment: datetime | None = None) -> datetime:
    """When today's daily limits start again."""
    return datetime.combine(utc_day(moment) + timedelta(days=1), time.min, tzinfo=UTC)


def wire(moment: datetime | None) -> str | None:
    """A moment as the public API writes it: UTC, six digits and a Z."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def financial_year(day: date) -> int:
    """The year in which the financial year of this day began (1 April to 31 March)."""
    return day.year if (day.month, day.day) >= (4, 1) else day.year - 1
