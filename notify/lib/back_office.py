"""Slots of the back office's home page: what waits, how the platform is doing, finding things, reports.

An app fills them from its admin.py; the page itself knows none of the apps.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms

from notify.lib.charts import Chart
from notify.lib.slots import Slot


@dataclass(frozen=True)
class Waiting:
    """A queue of work for staff."""

    label: str
    count: int
    url: str
    oldest: datetime | None = None


@dataclass(frozen=True)
class Figure:
    """One number about the platform's health. `tone` is good, warn or bad."""

    label: str
    value: str
    tone: str = "good"
    hint: str = ""
    url: str = ""


@dataclass(frozen=True)
class Found:
    """Something the search box found."""

    kind: str
    label: str
    detail: str
    url: str


@dataclass(frozen=True)
class Report:
    """A spreadsheet that staff download. `rows(**cleaned_data)` starts with the headings."""

    slug: str
    title: str
    description: str
    permission: str
    rows: Callable[..., Iterable[Iterable[Any]]]
    form: type[forms.Form] = forms.Form


# `reader(user)`: queues of work that this person may answer.
waiting_readers: Slot[Callable[[Any], Iterable[Waiting]]] = Slot()
# Numbers about the platform's health.
figure_readers: Slot[Callable[[], Iterable[Figure]]] = Slot()
chart_readers: Slot[Callable[[], Iterable[Chart]]] = Slot()
# `find(text, user)`: answers the search box with at most some twenty things that this person may see.
finders: Slot[Callable[[str, Any], Iterable[Found]]] = Slot()
# By slug.
reports: Slot[Report] = Slot()


def register_report(report: Report) -> None:
    """Offer a report. Refuses a slug used twice with ValueError."""
    if reports.get(report.slug):
        raise ValueError(f"Report {report.slug!r} is registered twice")
    reports.fill(report, key=report.slug)


def as_uuid(text: str) -> UUID | None:
    """The id somebody pasted into the search box, if it is one."""
    try:
        return UUID(text.strip())
    except ValueError:
        return None
