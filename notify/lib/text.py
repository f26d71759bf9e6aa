"""How pages write moments, days and phone numbers."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from notify.lib import clock


def moment(value: datetime | None) -> str:
    """A time as people say it: “today at 2:05pm”, “Monday at 9:00am”, “3 March 2026 at 9:00am”."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    days = (clock.local_day() - local.date()).days
    clock_time = date_format(local, "g:ia").replace(".", "").replace(" ", "").lower()
    names = {0: "today", 1: "yesterday", -1: "tomorrow"}
    if days in names:
        return f"{names[days]} at {clock_time}"
    if timedelta(0) < timedelta(days=abs(days)) < timedelta(days=7):
        return f"{local:%A} at {clock_time}"
    return f"{date_format(local, 'j F Y')} at {clock_time}"


def day(value: date | datetime | str) -> str:
    """A day: 3 March 2026."""
    return date_format(value, "j F Y") if value else ""


def uk_number(number: str) -> str:
    """A phone number as people in this country read it: without 44 for numbers here, with a plus for others."""
    if not number.isdigit():
        return number
    return "0" + number[2:] if number.startswith("44") else number if number.startswith("0") else f"+{number}"
