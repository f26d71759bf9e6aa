"""Reading messages back, one and a page of them; and taking back a scheduled one (public-api §5)."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.response import Response

from messaging.enums import FAILURES, Status
from messaging.notifications.actions.cancel import cancel_scheduled
from messaging.notifications.api.messages import messages
from messaging.notifications.api.serializers import NotificationSerializer, NotificationsQuery
from messaging.notifications.models import Notification
from notify.lib.api.errors import no_result
from notify.lib.api.openapi import endpoint, page_of
from notify.lib.api.parsers import ApiRequest
from services.api.base import ApiView, ListApiView, path_id
from services.enums import KeyScope
from services.models import Service

# What a word of the query stands for, on all channels (public-api §5.3).
_EXPANDED = {
    "failed": (*FAILURES, Status.RETURNED_LETTER),
    "accepted": (Status.CREATED, Status.SENDING),
    "received": (Status.DELIVERED,),
}


def one(service: Service, notification_id: str) -> Notification:
    """One message of a service. Refuses what is no id (400) and what is not there for this service (404)."""
    found = Notification.objects.readable(service).filter(pk=path_id(notification_id, "notification_id")).first()
    if found is None:
        raise no_result()
    return found


def shown(notification: Notification) -> dict[str, Any]:
    """One message in its shape. Refuses one whose content is gone (404)."""
    found = messages([notification])
    if not found:
        raise no_result()
    return NotificationSerializer.show(found[0])


class NotificationView(ApiView):
    """GET /v2/notifications/{notification_id}"""

    scope = KeyScope.REPORTS
    unknown_methods: ClassVar[set[str]] = {"post"}

    @endpoint("read_notification", "Read a message", NotificationSerializer)
    def get(self, request: ApiRequest, notification_id: str) -> Response:
        return Response(shown(one(self.service, notification_id)))


class NotificationsView(ListApiView):
    """GET /v2/notifications"""

    scope = KeyScope.REPORTS
    query_serializer = NotificationsQuery
    page_name = "notifications"

    def cursors(self) -> QuerySet[Notification]:
        return Notification.objects.readable(self.service)

    @endpoint(
        "list_notifications",
        "List messages",
        page_of("notifications", NotificationSerializer),
        description="Newest first, 250 to a page: messages sent with keys of the same type as yours.",
    )
    def get(self, request: ApiRequest) -> Response:
        wanted = NotificationsQuery.read_query(request.query_params)
        page = self.page(self._wanted(wanted))
        return self.get_paginated_response([NotificationSerializer.show(message) for message in messages(page)])

    def _wanted(self, wanted: dict[str, Any]) -> QuerySet[Notification]:
        """Those of the calling key's type, without those of spreadsheets unless asked for."""
        found = Notification.objects.readable(self.service).filter(key_type=self.key.key_type)
        if "include_jobs" not in wanted:
            found = found.filter(job_id__isnull=True)
        if statuses := wanted.get("status"):
            found = found.filter(status__in=_statuses(statuses))
        if channels := wanted.get("template_type"):
            found = found.filter(channel__in=channels)
        if "reference" in wanted:
            found = found.filter(client_reference=wanted["reference"])
        return found


def _statuses(words: list[str]) -> set[Status]:
    return {status for word in words for status in _EXPANDED.get(word) or (Status.from_wire(word),)}


class CancelView(ApiView):
    """POST /v2/notifications/{notification_id}/cancel"""

    tag = "Send"

    @endpoint("cancel_notification", "Cancel a scheduled message", NotificationSerializer)
    def post(self, request: ApiRequest, notification_id: str) -> Response:
        found = one(self.service, notification_id)
        self.require_scope(f"send_{found.channel}")
        return Response(shown(cancel_scheduled(self.service, found.pk, by=self.key)))
