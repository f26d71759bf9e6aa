"""What the dashboard pages show. Reads only, and a number of queries that does not grow with the messages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Min

from dashboard.queries import usage
from dashboard.queries.figures import TemplateUse, Totals, cells, last_seven_days, template_use, totals_by_channel
from dashboard.queries.usage import YearUsage, year_days
from messaging.inbound.models import ReceivedText
from messaging.jobs.enums import JobState
from messaging.jobs.models import Job
from messaging.letters.models import ReturnedLetter
from messaging.message_templates.models import MessageTemplate
from messaging.notifications.models import UnsubscribeRequest
from notify.lib import clock
from services.enums import ServicePermission
from services.models import Service

# Templates listed on the front page.
TEMPLATES_SHOWN = 10


@dataclass(frozen=True)
class RecentEvents:
    """Something that has happened a number of times, and when it last did."""

    count: int
    at: datetime | None


@dataclass(frozen=True)
class ServiceBoard:
    """The front page of a service."""

    totals: dict[str, Totals]
    templates: list[TemplateUse]
    has_templates: bool
    several_templates: bool
    upcoming: RecentEvents
    received_texts: RecentEvents | None
    returned_letters: RecentEvents | None
    unsubscribe_requests: RecentEvents | None
    usage: YearUsage | None


def service_board(service: Service, *, with_usage: bool) -> ServiceBoard:
    """Everything on a service's front page."""
    found = cells([service.pk], *last_seven_days())
    used = named(template_use(found)[:TEMPLATES_SHOWN])
    templates = MessageTemplate.objects.usable().filter(service=service).count()
    year = clock.financial_year(clock.local_day())
    return ServiceBoard(
        totals=totals_by_channel(found),
        templates=used,
        has_templates=templates > 0,
        several_templates=templates > 1 or len(used) > 1,
        upcoming=_upcoming(service),
        received_texts=_received_texts(service),
        returned_letters=_returned_letters(service),
        unsubscribe_requests=_unsubscribe_requests(service),
        usage=usage.year_usage(service, year) if with_usage else None,
    )


def named(uses: Iterable[TemplateUse]) -> list[TemplateUse]:
    """The same with the templates' names, by one query."""
    listed = list(uses)
    names = dict(MessageTemplate.objects.filter(pk__in=[use.template_id for use in listed]).values_list("pk", "name"))
    for use in listed:
        use.name = names.get(use.template_id, "Deleted template")
    return listed


def _week_ago() -> datetime:
    return clock.now() - timedelta(days=7)


def _upcoming(service: Service) -> RecentEvents:
    found = Job.objects.filter(service=service, state=JobState.SCHEDULED).aggregate(n=Count("pk"), at=Min("scheduled_for"))
    return RecentEvents(found["n"], found["at"])


def _received_texts(service: Service) -> RecentEvents | None:
    if not service.has_permission(ServicePermission.INBOUND_SMS):
        return None
    found = ReceivedText.objects.filter(service=service, created_at__gte=_week_ago()).aggregate(
        n=Count("pk"), at=Max("created_at")
    )
    return RecentEvents(found["n"], found["at"])


def _returned_letters(service: Service) -> RecentEvents | None:
    latest = ReturnedLetter.objects.filter(service=service).aggregate(at=Max("reported_at"))["at"]
    if latest is None:
        return None
    return RecentEvents(ReturnedLetter.objects.filter(service=service, reported_at__gte=_week_ago()).count(), latest)


def _unsubscribe_requests(service: Service) -> RecentEvents | None:
    waiting = UnsubscribeRequest.objects.filter(service=service, processed_at__isnull=True)
    found = waiting.aggregate(n=Count("pk"), at=Max("created_at"))
    return RecentEvents(found["n"], found["at"]) if found["n"] else None


@dataclass(frozen=True)
class MonthFigures:
    """One month of a year."""

    first_day: date
    totals: dict[str, Totals]
    templates: list[TemplateUse]


def months(service: Service, year: int) -> list[MonthFigures]:
    """The months of a financial year that have begun, the latest first, with their totals by channel."""
    found = cells([service.pk], *year_days(year))
    return [
        MonthFigures(first, totals_by_channel(cell for cell in found if cell.day.replace(day=1) == first), [])
        for first in reversed(usage.months_begun(year))
    ]


def template_use_by_month(service: Service, year: int) -> list[MonthFigures]:
    """The same with the templates that were used."""
    found = cells([service.pk], *year_days(year))
    by_month = {
        first: template_use(cell for cell in found if cell.day.replace(day=1) == first)
        for first in sorted({cell.day.replace(day=1) for cell in found}, reverse=True)
    }
    named(use for uses in by_month.values() for use in uses)
    return [MonthFigures(first, {}, uses) for first, uses in by_month.items()]
