"""How the whole platform is doing: for the back office's home page and its reports. Figures by day, never messages."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Min, Q, Sum
from django.db.models.functions import Coalesce

from callbacks.enums import DeliveryState
from callbacks.models import CallbackDelivery, CallbackEndpoint
from dashboard.queries.figures import DELIVERED, FAILED
from messaging.notifications.actions.partitions import rows_outside_partitions
from messaging.notifications.enums import QueueState
from messaging.notifications.models import SendQueue, StatDay, StatDelta
from messaging.providers.models import ReceiptInbox
from notify.lib import clock
from notify.lib.back_office import Figure
from notify.lib.charts import Chart, bar_chart
from services.enums import Channel, KeyType
from services.models import Service

# A message that has waited this long for a provider is late; this long, and something is broken.
LATE, BROKEN = timedelta(minutes=1), timedelta(minutes=10)
DAYS_SHOWN = 14
# Counting stops here: beyond it only "more" matters.
CAP = 10_000
_WORDS = {Channel.EMAIL: "emails", Channel.SMS: "text messages", Channel.LETTER: "letters"}


def _ago(waited: timedelta) -> str:
    seconds = max(0, int(waited.total_seconds()))
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"


def _tone(waited: timedelta) -> str:
    return "bad" if waited > BROKEN else "warn" if waited > LATE else "good"


def _count(queryset: Any) -> str:
    number = queryset.order_by().values("pk")[: CAP + 1].count()
    return f"more than {CAP:,}" if number > CAP else f"{number:,}"


def health() -> Iterator[Figure]:
    """Queue age, unknown outcomes, rows outside their tables, receipts and callbacks that wait, endpoints that fail."""
    now = clock.now()
    due = SendQueue.objects.filter(state=QueueState.READY, not_before__lte=now)
    oldest = due.aggregate(at=Min("not_before"))["at"]
    waited = now - oldest if oldest else timedelta(0)
    yield Figure("wait of the oldest message in the queue", _ago(waited), _tone(waited), f"{_count(due)} messages are due")
    unknown = _count(SendQueue.objects.filter(state=QueueState.UNKNOWN))
    yield Figure("messages with an unknown outcome", unknown, "good" if unknown == "0" else "warn")
    outside = rows_outside_partitions()
    yield Figure("rows outside the tables of their days", f"{outside:,}", "bad" if outside else "good")
    inbox = ReceiptInbox.objects.filter(applied_at=None, next_attempt_at__lte=now)
    oldest = inbox.aggregate(at=Min("received_at"))["at"]
    waited = now - oldest if oldest else timedelta(0)
    yield Figure("wait of the oldest receipt", _ago(waited), _tone(waited), f"{_count(inbox)} receipts wait")
    overdue = CallbackDelivery.objects.filter(state=DeliveryState.WAITING, next_attempt_at__lte=now)
    oldest = overdue.aggregate(at=Min("next_attempt_at"))["at"]
    waited = now - oldest if oldest else timedelta(0)
    yield Figure("wait of the oldest callback", _ago(waited), _tone(waited), f"{_count(overdue)} callbacks are due")
    failing = CallbackEndpoint.objects.filter(Q(failing_since__isnull=False) | ~Q(off_reason__in=["", "person"])).count()
    yield Figure("endpoints of services failing", f"{failing:,}", "warn" if failing else "good")
    yield from _failures_today()


def _failures_today() -> Iterator[Figure]:
    today = clock.local_day()
    for channel, word in _WORDS.items():
        asked, failed = 0, 0
        for row_channel, status, count in _sums(today, today, "channel", "status"):
            if row_channel == channel:
                asked += count
                failed += count if status in FAILED else 0
        if not asked:
            continue
        share = failed / asked
        tone = "bad" if share > 0.1 else "warn" if share > 0.03 else "good"
        yield Figure(f"of today’s {word} failed", f"{share:.1%}", tone, f"{failed:,} of {asked:,}")


def _sums(first: date, last: date, *fields: str) -> list[tuple[Any, ...]]:
    """Counts of all services by some fields, folded and not, test keys left out."""
    found: dict[tuple[Any, ...], int] = {}
    for model in (StatDay, StatDelta):
        rows = model.objects.filter(day__range=(first, last)).exclude(key_type=KeyType.TEST)
        for *key, count in rows.values_list(*fields).annotate(number=Coalesce(Sum("count"), 0)):
            found[tuple(key)] = found.get(tuple(key), 0) + count
    return [(*key, count) for key, count in sorted(found.items(), key=lambda item: tuple(map(str, item[0])))]


def charts() -> Iterator[Chart]:
    """Messages and failures of the last two weeks."""
    last = clock.local_day()
    days = [last - timedelta(days=back) for back in range(DAYS_SHOWN - 1, -1, -1)]
    asked: dict[tuple[str, date], int] = {}
    failed: dict[date, int] = dict.fromkeys(days, 0)
    for channel, day, status, count in _sums(days[0], last, "channel", "day", "status"):
        asked[channel, day] = asked.get((channel, day), 0) + count
        if status in FAILED:
            failed[day] = failed.get(day, 0) + count
    for channel, word in _WORDS.items():
        points = [(f"{day:%-d %b}", float(asked.get((channel, day), 0))) for day in days]
        yield bar_chart(f"{word.capitalize()} in the last {DAYS_SHOWN} days", points, unit=word)
    points = [(f"{day:%-d %b}", float(failed[day])) for day in days]
    yield bar_chart(f"Messages that failed in the last {DAYS_SHOWN} days", points, unit="messages")


# --- Reports ----------------------------------------------------------------------------------------------------------
def daily_volumes(first: date, last: date) -> Iterator[tuple[Any, ...]]:
    """One line for each day: how many were asked for, delivered and failed, by channel."""
    yield ("Day", *[f"{word} {what}" for word in _WORDS.values() for what in ("sent", "delivered", "failed")])
    table: dict[date, dict[tuple[str, str], int]] = {}
    for day, channel, status, count in _sums(first, last, "day", "channel", "status"):
        line = table.setdefault(day, {})
        line[channel, "sent"] = line.get((channel, "sent"), 0) + count
        kind = "delivered" if status in DELIVERED else "failed" if status in FAILED else ""
        if kind:
            line[channel, kind] = line.get((channel, kind), 0) + count
    for day in sorted(table):
        yield (day.isoformat(), *[table[day].get((c, w), 0) for c in _WORDS for w in ("sent", "delivered", "failed")])


def volumes_by_service(first: date, last: date) -> Iterator[tuple[Any, ...]]:
    """One line for each service that sent something."""
    yield ("Service ID", "Service", "Organisation", "Emails", "Text messages", "Letters")
    table: dict[Any, dict[str, int]] = {}
    for service_id, channel, count in _sums(first, last, "service_id", "channel"):
        table.setdefault(service_id, {})[channel] = count
    services = Service.objects.filter(pk__in=table).select_related("organisation").order_by("name")
    for service in services.iterator(chunk_size=1000):
        line = table[service.pk]
        yield (str(service.pk), service.name, str(service.organisation or ""), *[line.get(channel, 0) for channel in _WORDS])


def sent_by_service(first: date, last: date) -> Iterator[tuple[Any, ...]]:
    """One line for each day, service and channel, with what became of the messages."""
    yield ("Day", "Service ID", "Service", "Channel", "Sent", "Delivered", "Failed")
    table: dict[tuple[date, Any, str], list[int]] = {}
    for day, service_id, channel, status, count in _sums(first, last, "day", "service_id", "channel", "status"):
        line = table.setdefault((day, service_id, channel), [0, 0, 0])
        line[0] += count
        line[1] += count if status in DELIVERED else 0
        line[2] += count if status in FAILED else 0
    names = dict(Service.objects.filter(pk__in={key[1] for key in table}).values_list("pk", "name"))
    for (day, service_id, channel), numbers in sorted(
        table.items(), key=lambda item: (item[0][0], str(item[0][1]), item[0][2])
    ):
        yield (day.isoformat(), str(service_id), names.get(service_id, ""), channel, *numbers)
