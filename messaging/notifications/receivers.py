"""What messaging does when something happens to a service."""

from typing import Any

from django.db import connection
from django.dispatch import receiver

from messaging.enums import Status
from messaging.notifications.actions import partitions
from messaging.notifications.actions.status import Move, move
from messaging.notifications.models import SendQueue
from services.models import Service
from services.signals import service_archived, service_resumed, service_suspended


def make_partitions(**kwargs: Any) -> None:
    """After migrating, the days ahead exist before the first message arrives."""
    if "notifications_notification" in connection.introspection.table_names():
        partitions.ensure_partitions()


@receiver(service_suspended)
def hold_queued_messages(*, service: Service, **kwargs: Any) -> None:
    """A suspended service's queued messages wait until it is resumed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_sendqueue SET not_before = 'infinity' WHERE service_id = %s AND state = 0", [service.pk]
        )


@receiver(service_resumed)
def free_queued_messages(*, service: Service, **kwargs: Any) -> None:
    """What waited goes out, scheduled messages at their time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_sendqueue q SET not_before = GREATEST(now(), n.scheduled_for), "
            "give_up_at = GREATEST(q.give_up_at, now() + interval '4 hours') "
            "FROM notifications_notification n WHERE n.id = q.id AND q.service_id = %s AND q.not_before = 'infinity'",
            [service.pk],
        )


@receiver(service_archived)
def settle_queued_messages(*, service: Service, **kwargs: Any) -> None:
    """Messages that were not sent yet never will be."""
    ids = SendQueue.objects.filter(service_id=service.pk, state=0).values_list("pk", flat=True)
    move([Move(i, Status.TECHNICAL_FAILURE, detail="The service was archived before the message was sent") for i in ids])
