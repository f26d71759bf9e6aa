"""What a service has used in a financial year, and what it costs (reference: web-ui §6.4, service-lifecycle §6.2)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from dashboard.queries.figures import DayCount, cells
from messaging.enums import Status
from messaging.notifications.models import SmsRate
from messaging.notifications.queries.pricing import sms_rate
from notify.lib import clock
from services.enums import Channel
from services.models import Service
from services.rules import free_sms_fragments

# Messages that never left the building cost nothing and are not counted as sent.
_NEVER_SENT = frozenset(
    {Status.TECHNICAL_FAILURE, Status.VALIDATION_FAILED, Status.VIRUS_SCAN_FAILED, Status.PENDING_VIRUS_CHECK}
)


@dataclass
class Month:
    """One month of a year's usage."""

    first_day: date
    emails: int = 0
    text_units: Decimal = Decimal(0)
    free_text_units: Decimal = Decimal(0)
    # Charged units by the rate in force when they were sent.
    charged_text_units: dict[Decimal, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    letters: int = 0
    letter_cost: Decimal = Decimal(0)

    @property
    def text_cost(self) -> Decimal:
        return sum((rate * units for rate, units in self.charged_text_units.items()), Decimal(0))

    @property
    def cost(self) -> Decimal:
        return self.text_cost + self.letter_cost


@dataclass
class YearUsage:
    """A financial year of one service."""

    year: int
    allowance: int
    months: list[Month]

    @property
    def emails(self) -> int:
        return sum(month.emails for month in self.months)

    @property
    def text_units(self) -> Decimal:
        return sum((month.text_units for month in self.months), Decimal(0))

    @property
    def free_texts_left(self) -> Decimal:
        return max(self.allowance - self.text_units, Decimal(0))

    @property
    def text_cost(self) -> Decimal:
        return sum((month.text_cost for month in self.months), Decimal(0))

    @property
    def letters(self) -> int:
        return sum(month.letters for month in self.months)

    @property
    def letter_cost(self) -> Decimal:
        return sum((month.letter_cost for month in self.months), Decimal(0))

    @property
    def cost(self) -> Decimal:
        return self.text_cost + self.letter_cost

    @property
    def charged_text_units(self) -> dict[Decimal, Decimal]:
        summed: dict[Decimal, Decimal] = defaultdict(Decimal)
        for month in self.months:
            for rate, units in month.charged_text_units.items():
                summed[rate] += units
        return dict(summed)


def year_days(year: int) -> tuple[date, date]:
    """The first and the last day of the financial year that begins in April of `year`."""
    return date(year, 4, 1), date(year + 1, 3, 31)


def year_usage(service: Service, year: int) -> YearUsage:
    """A service's usage of one financial year, month by month; only months that have begun."""
    return _usage(cells([service.pk], *year_days(year)), year, free_sms_fragments(service, year))


def usage_of_services(services: Iterable[Service], year: int) -> dict[UUID, YearUsage]:
    """The same for many services with one query for the figures."""
    all_services = list(services)
    by_service: dict[UUID, list[DayCount]] = defaultdict(list)
    for cell in cells([service.pk for service in all_services], *year_days(year)):
        by_service[cell.service_id].append(cell)
    return {s.pk: _usage(by_service[s.pk], year, free_sms_fragments(s, year)) for s in all_services}


def _usage(found: Iterable[DayCount], year: int, allowance: int) -> YearUsage:
    """The free allowance goes to the oldest texts; the rest costs what the rate was on its day."""
    months = {first: Month(first) for first in months_begun(year)}
    left = Decimal(allowance)
    for cell in sorted(found, key=lambda c: c.day):
        month = months.get(cell.day.replace(day=1))
        if month is None or cell.status in _NEVER_SENT:
            continue
        if cell.channel == Channel.EMAIL:
            month.emails += cell.count
        elif cell.channel == Channel.LETTER:
            month.letters += cell.count
            month.letter_cost += cell.cost
        else:
            free = min(left, cell.units)
            left -= free
            month.text_units += cell.units
            month.free_text_units += free
            if charged := cell.units - free:
                month.charged_text_units[sms_rate(cell.day)] += charged
    return YearUsage(year, allowance, list(months.values()))


def months_begun(year: int) -> list[date]:
    """The first days of a financial year's months that have begun."""
    today = clock.local_day()
    months = [date(year + (n > 12), (n - 1) % 12 + 1, 1) for n in range(4, 16)]
    return [month for month in months if month <= today]


def years_to_show(service: Service) -> list[int]:
    """Financial years a service may have figures in, the latest first."""
    first = clock.financial_year(service.created_at.date())
    return list(range(clock.financial_year(clock.local_day()), first - 1, -1))


def known_rates() -> list[SmsRate]:
    """Text message rates, the latest first, for the pricing page."""
    return list(SmsRate.objects.order_by("-valid_from"))
