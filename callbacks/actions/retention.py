"""Callbacks say whom a message went to, so they are forgotten with it."""

from datetime import timedelta

from callbacks.models import CallbackDelivery
from notify.lib import clock
from notify.lib.ids import uuid7_floor
from services.enums import Channel
from services.models import Service
from services.rules import retention_days

_BATCH = 2_000


def purge_old_callbacks() -> int:
    """Delete the callbacks past their service's retention, with their log; returns how many."""
    deleted = 0
    services = CallbackDelivery.objects.order_by().values_list("service_id", flat=True).distinct()
    for service in Service.objects.filter(pk__in=list(services)):
        for channel in Channel.values:
            before = clock.now() - timedelta(days=retention_days(service, channel))
            # Letters come back weeks later: their callbacks count from the return, the others from the message.
            age = {"created_at__lt": before} if channel == Channel.LETTER else {"subject_id__lt": uuid7_floor(before)}
            old = CallbackDelivery.objects.filter(service_id=service.pk, channel=channel, **age)
            while ids := list(old.values_list("pk", flat=True)[:_BATCH]):
                CallbackDelivery.objects.filter(pk__in=ids).delete()
                deleted += len(ids)
    return deleted
