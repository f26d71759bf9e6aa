"""What this app answers for the apps to its left: what waits, what was sent, how a phone number reads."""

from datetime import date

from django.db.models import Max, Sum

from messaging.message_templates import slots as template_slots
from messaging.message_templates.models import MessageTemplate
from messaging.notifications.actions.quota import used_today
from messaging.notifications.actions.tour import begin_tour
from messaging.notifications.api import refusals
from messaging.notifications.models import SendQueue, StatDay
from messaging.notifications.refusals import MessageRefused
from notify.lib import clock
from notify.lib.api.exception_handler import fill_answers
from services.enums import KeyType
from services.models import Service
from services.slots import navigation, usage
from services.slots.navigation import NavigationItem
from services.slots.templates import tour_beginners
from services.slots.usage import WaitingMessages


def waiting(service: Service) -> WaitingMessages:
    """Messages that were accepted and not sent: now, or at a time of their own."""
    queued = SendQueue.objects.filter(service_id=service.pk)
    later = queued.filter(not_before__gt=clock.now()).count()
    return WaitingMessages(queued=queued.count() - later, scheduled=later)


def sent_in_a_year(service: Service) -> int:
    """The larger of the last financial year's messages and this year's at its pace so far."""
    today = clock.local_day()
    start = date(clock.financial_year(today), 4, 1)
    days = max((today - start).days, 1)
    # A year that is a few days old says nothing about its pace.
    pace = round(_sent(service, start, today) * 365 / days) if days >= 30 else 0
    return max(_sent(service, date(start.year - 1, 4, 1), start), pace)


def last_used(template: MessageTemplate) -> date | None:
    """The last day on which a message was made from a template."""
    day: date | None = StatDay.objects.filter(template_id=template.pk).aggregate(day=Max("day"))["day"]
    return day


def _sent(service: Service, start: date, end: date) -> int:
    rows = StatDay.objects.filter(service_id=service.pk, day__gte=start, day__lt=end).exclude(key_type=KeyType.TEST)
    return rows.aggregate(total=Sum("count"))["total"] or 0


template_slots.last_used.fill(last_used)
usage.usage_readers.fill(used_today)
usage.waiting_readers.fill(waiting)
usage.year_readers.fill(sent_in_a_year)
tour_beginners.fill(begin_tour)
navigation.add(NavigationItem("activity", "Sent messages", "notifications:notification-list", 30))
fill_answers(MessageRefused, refusals.ANSWERS)
