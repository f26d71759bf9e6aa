"""Reading which letters the post office brought back, by the day on which it was reported."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from messaging.letters.models import ReturnedLetter
from messaging.notifications.models import Notification
from messaging.notifications.queries import activity
from services.models import Service

# reference: web-ui §14.2
SHOWN = 50
DAYS_SHOWN = 100
EXPORT_CHUNK = 1_000
HEADINGS = [
    "Notification ID",
    "Reference",
    "Date sent",
    "Sent by",
    "Template name",
    "Template ID",
    "Template version",
    "Spreadsheet file name",
    "Spreadsheet row number",
    "Recipient",
]


@dataclass(frozen=True)
class ReturnedDay:
    """The letters that were reported on one day; `gone` of them are past their retention."""

    rows: list[activity.NotificationRow]
    total: int
    gone: int


def days(service: Service) -> list[dict[str, Any]]:
    """The days with returned letters and how many there were, the latest first."""
    by_day = ReturnedLetter.objects.filter(service=service).order_by().annotate(day=TruncDate("reported_at"))
    return [dict(row) for row in by_day.values("day").annotate(count=Count("pk")).order_by("-day")[:DAYS_SHOWN]]


def reported_on(service: Service, day: date) -> ReturnedDay:
    """The letters of one day: the first ones in full, and how many there are."""
    found = _of_day(service, day)
    keys = list(found.values_list("notification_id", flat=True))
    letters = _letters(service, keys)
    return ReturnedDay(activity.rows(letters[:SHOWN]), total=len(keys), gone=len(keys) - len(letters))


def export(service: Service, day: date) -> Iterator[list[Any]]:
    """Every letter of a day as lines of a file; of those past their retention only the id is left."""
    yield HEADINGS
    keys = list(_of_day(service, day).values_list("notification_id", flat=True))
    for start in range(0, len(keys), EXPORT_CHUNK):
        chunk = keys[start : start + EXPORT_CHUNK]
        letters = Notification.objects.select_related("created_by", "api_key").in_bulk(
            [letter.pk for letter in _letters(service, chunk)]
        )
        rows = {row.notification.pk: row for row in activity.rows(list(letters.values()))}
        files = activity.job_file_names(letters.values())
        for key in chunk:
            yield _line(rows[key], files) if key in rows else [str(key), *[""] * (len(HEADINGS) - 1)]


def _line(row: activity.NotificationRow, files: dict[Any, str]) -> list[Any]:
    n = row.notification
    return [
        str(n.pk),
        n.client_reference or "",
        f"{timezone.localtime(n.created_at):%Y-%m-%d %H:%M:%S}",
        str(n.created_by or n.api_key or ""),
        row.template_name,
        str(n.template_id),
        n.template_version,
        files.get(n.job_id, ""),
        # As people count: the line of headings is the first.
        n.job_row + 2 if n.job_row is not None else "",
        row.recipient,
    ]


def _of_day(service: Service, day: date) -> QuerySet[ReturnedLetter]:
    start = timezone.make_aware(datetime.combine(day, time.min))
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return ReturnedLetter.objects.filter(service=service, reported_at__gte=start, reported_at__lt=end).order_by("-id")


def _letters(service: Service, keys: list[Any]) -> list[Notification]:
    """Those letters that people may still see, the latest first."""
    return list(activity.within_retention(service, "letter").filter(pk__in=keys))
