"""Reading messages back: one, a page of them, a letter's PDF; and taking back a scheduled one (public-api §5)."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from messaging.enums import FAILURES, Status
from messaging.notifications.actions.cancel import cancel_scheduled
from messaging.notifications.api import representations
from messaging.notifications.models import Notification
from notify.lib import clock
from notify.lib.api_errors import json_response, no_result, validation_error
from notify.lib.ids import uuid7_floor
from services.api import openapi, validation
from services.api.base import ApiView
from services.api.pagination import PAGE_SIZE, page_links
from services.api.parsers import query
from services.api.validation import parse_uuid
from services.enums import Channel, KeyScope
from services.models import Service
from services.rules import retention_days

# What a word of the query stands for, on all channels (public-api §5.3).
_EXPANDED = {
    "failed": (*FAILURES, Status.RETURNED_LETTER),
    "accepted": (Status.CREATED, Status.SENDING),
    "received": (Status.DELIVERED,),
}


def kept(service: Service) -> QuerySet[Notification]:
    """The messages a service may still read: those within the retention of their channel."""
    days = {channel: retention_days(service, channel) for channel in Channel}
    oldest = {channel: clock.now() - timedelta(days=number) for channel, number in days.items()}
    # A bound on the id first: it is what partitions are chosen by.
    found = Notification.objects.filter(service_id=service.pk, pk__gte=uuid7_floor(min(oldest.values())))
    if len(set(days.values())) == 1:
        return found
    by_channel = Q()
    for channel, moment in oldest.items():
        by_channel |= Q(channel=channel, created_at__gte=moment)
    return found.filter(by_channel)


def one(service: Service, notification_id: str) -> Notification:
    """One message of a service. Refuses what is no id (400) and what is not there for this service (404)."""
    if faults := validation.check_id({"notification_id": notification_id}):
        raise validation_error(faults)
    found = kept(service).filter(pk=parse_uuid(notification_id)).first()
    if found is None:
        raise no_result()
    return found


class NotificationView(ApiView):
    """GET /v2/notifications/{notification_id}"""

    scope = KeyScope.REPORTS
    unknown_methods: ClassVar[set[str]] = {"post"}

    @openapi.read_notification
    def get(self, request: HttpRequest, notification_id: str) -> HttpResponse:
        found = representations.notifications([one(self.service, notification_id)])
        if not found:
            raise no_result()
        return json_response(found[0])


class NotificationsView(ApiView):
    """GET /v2/notifications"""

    scope = KeyScope.REPORTS

    @openapi.list_notifications
    def get(self, request: HttpRequest) -> HttpResponse:
        parameters = query(request, "status", "template_type")
        if faults := validation.check_notifications_query(parameters):
            raise validation_error(faults)
        rows = self._page(parameters)
        links = page_links("/v2/notifications", parameters, rows[-1].pk if rows else None)
        return json_response({"notifications": representations.notifications(rows), "links": links})

    def _page(self, parameters: dict[str, Any]) -> list[Notification]:
        """Newest first, of the calling key's type, without those of spreadsheets unless asked for."""
        found = kept(self.service).filter(key_type=self.key.key_type)
        if "older_than" in parameters:
            cursor = parse_uuid(parameters["older_than"])
            if not kept(self.service).filter(pk=cursor).exists():
                return []
            found = found.filter(pk__lt=cursor)
        if "include_jobs" not in parameters:
            found = found.filter(job_id__isnull=True)
        if statuses := parameters.get("status"):
            found = found.filter(status__in=_statuses(statuses))
        if channels := parameters.get("template_type"):
            found = found.filter(channel__in=channels)
        if "reference" in parameters:
            found = found.filter(client_reference=parameters["reference"])
        return list(found.order_by("-pk")[:PAGE_SIZE])


def _statuses(words: list[str]) -> set[Status]:
    return {status for word in words for status in _EXPANDED.get(word) or (Status.from_wire(word),)}


class CancelView(ApiView):
    """POST /v2/notifications/{notification_id}/cancel"""

    @openapi.cancel
    def post(self, request: HttpRequest, notification_id: str) -> HttpResponse:
        found = one(self.service, notification_id)
        self.require_scope(f"send_{found.channel}")
        cancelled = cancel_scheduled(self.service, found.pk, by=self.key)
        return json_response(representations.notifications([cancelled])[0])
