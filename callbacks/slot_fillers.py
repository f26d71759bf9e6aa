"""What callbacks add to slots of the apps to their left."""

from callbacks.enums import DeliveryState
from callbacks.models import CallbackDelivery
from messaging.notifications import slots
from messaging.notifications.models import Notification
from messaging.notifications.queries.activity import TimelineEntry

# A message has few callbacks; a service with many endpoints sees the first of them here and all of them in the log.
SHOWN = 20


def _moments(notification: Notification) -> list[TimelineEntry]:
    """What the service's own systems were told about a message: one query by index."""
    found = CallbackDelivery.objects.filter(service_id=notification.service_id, subject_id=notification.pk)
    return [TimelineEntry(each.finished_at or each.created_at, _words(each)) for each in found.order_by("id")[:SHOWN]]


def _words(delivery: CallbackDelivery) -> str:
    what = f"‘{delivery.status}’" if delivery.status else "this"
    tries = f" after {delivery.attempts} tries" if delivery.attempts > 1 else ""
    if delivery.state == DeliveryState.DELIVERED:
        return f"Your system was told {what}{tries}"
    if delivery.finished_at is not None:
        return f"Your system could not be told {what}{tries}"
    return f"Your system is being told {what}" + (f" ({delivery.last_problem})" if delivery.last_problem else "")


slots.timeline_entries.fill(_moments)
