"""Figures by day: what the folded days and the changes not yet folded say together. No message is ever counted."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from messaging.enums import FAILURES, Status
from messaging.notifications.models import StatDay, StatDelta
from notify.lib import clock
from services.enums import Channel, KeyType

# reference: web-ui §6.2, "Status groups"
DELIVERED = frozenset({Status.DELIVERED, Status.SENT, Status.RETURNED_LETTER})
FAILED = frozenset(FAILURES)
# A channel whose failures go beyond this share is shown in red.
ALARMING_FAILURES = Decimal("0.03")


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many messages of one day, template and channel stand at one status."""

    service_id: UUID
    day: date
    template_id: UUID
    channel: str
    status: Status
    count: int
    units: Decimal
    cost: Decimal


@dataclass
class Totals:
    """Messages of one channel: everything asked for, and what became of it."""

    channel: str = ""
    requested: int = 0
    delivered: int = 0
    failed: int = 0
    sending: int = 0

    def add(self, cell: DayCount) -> None:
        self.requested += cell.count
        if cell.status in DELIVERED:
            self.delivered += cell.count
        elif cell.status in FAILED:
            self.failed += cell.count
        else:
            self.sending += cell.count

    @property
    def failure_share(self) -> Decimal:
        return Decimal(self.failed) / self.requested if self.requested else Decimal(0)

    @property
    def is_alarming(self) -> bool:
        return self.failure_share > ALARMING_FAILURES

    @property
    def failure_percentage(self) -> str:
        return f"{self.failure_share * 100:.1f}".removesuffix(".0") + "%"


@dataclass
class TemplateUse:
    """How often one template was used."""

    template_id: UUID
    channel: str
    count: int = 0
    name: str = ""
    # Compared with the busiest template of the list, for the bar beside it: 0 to 100.
    share: int = field(default=0)


def cells(service_ids: Iterable[UUID], first: date, last: date) -> list[DayCount]:
    """Every figure of some services between two local days, test keys and cancelled messages left out."""
    summed: dict[tuple[UUID, date, UUID, str, int], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0), Decimal(0)])
    ids = list(service_ids)
    for model in (StatDay, StatDelta):
        rows = (
            model.objects.filter(service_id__in=ids, day__range=(first, last))
            .exclude(key_type=KeyType.TEST)
            .exclude(status=Status.CANCELLED)
            .values_list("service_id", "day", "template_id", "channel", "status")
            .annotate(Sum("count"), Sum("units"), Sum("cost"))
        )
        for *key, count, units, cost in rows:
            total = summed[tuple(key)]
            total[0] += count
            total[1] += units
            total[2] += cost
    return [
        DayCount(service_id, day, template_id, channel, Status(status), int(count), units, cost)
        for (service_id, day, template_id, channel, status), (count, units, cost) in summed.items()
        if count or units or cost
    ]


def last_seven_days(today: date | None = None) -> tuple[date, date]:
    """The seven local days that end today."""
    last = today or clock.local_day()
    return last - timedelta(days=6), last


def totals_by_channel(found: Iterable[DayCount]) -> dict[str, Totals]:
    """One total for every channel, also for those without messages."""
    totals = {channel: Totals(channel) for channel in (Channel.EMAIL, Channel.SMS, Channel.LETTER)}
    for cell in found:
        totals[Channel(cell.channel)].add(cell)
    return {str(channel): total for channel, total in totals.items()}


def template_use(found: Iterable[DayCount]) -> list[TemplateUse]:
    """Templates by how often they were used, the busiest first."""
    uses: dict[UUID, TemplateUse] = {}
    for cell in found:
        use = uses.setdefault(cell.template_id, TemplateUse(cell.template_id, cell.channel))
        use.count += cell.count
    ordered = sorted((u for u in uses.values() if u.count), key=lambda u: (-u.count, str(u.template_id)))
    for use in ordered:
        use.share = max(round(100 * use.count / ordered[0].count), 1)
    return ordered
