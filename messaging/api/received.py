"""Texts that people sent to the service (public-api §7), and their wish for no more emails (public-api §8)."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from messaging.actions.unsubscribe import unsubscribe
from messaging.api import describe, validation, wire
from messaging.api.base import ApiView
from messaging.api.body import query
from messaging.api.links import PAGE_SIZE, page_links
from messaging.api.validation import parse_uuid
from messaging.models import Notification, ReceivedText
from messaging.unsubscribe import is_valid
from notify.lib import clock
from notify.lib.api_errors import json_response, routing_response, validation_error
from services.enums import Channel, KeyScope
from services.rules import retention_days

PATH = "/v2/received-text-messages"


class ReceivedTextsView(ApiView):
    """GET /v2/received-text-messages"""

    scope = KeyScope.REPORTS

    @describe.list_received_texts
    def get(self, request: HttpRequest) -> HttpResponse:
        parameters = query(request)
        if faults := validation.check_received_query(parameters):
            raise validation_error(faults)
        oldest = clock.now() - timedelta(days=retention_days(self.service, Channel.SMS))
        found = ReceivedText.objects.filter(service=self.service, created_at__gte=oldest).order_by("-pk")
        if "older_than" in parameters:
            cursor = parse_uuid(parameters["older_than"])
            found = found.filter(pk__lt=cursor) if found.filter(pk=cursor).exists() else found.none()
        texts = list(found[:PAGE_SIZE])
        links = page_links(PATH, {}, texts[-1].pk if texts else None)
        return json_response({"received_text_messages": [wire.received_text(t) for t in texts], "links": links})


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class UnsubscribeView(View):
    """POST /unsubscribe/{notification_id}/{token}: mail programs press the button for the recipient (RFC 8058)."""

    access = "public"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, notification_id: str, token: str) -> HttpResponse:
        found = parse_uuid(notification_id)
        if found is None or not is_valid(found, token):
            return _refused("This is not a valid unsubscribe link.")
        try:
            unsubscribe(found)
        except Notification.DoesNotExist:
            return _refused("This unsubscribe link is invalid or expired.")
        return json_response({"result": "success", "message": "Unsubscribe successful"})

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return routing_response(405)


def _refused(message: str) -> HttpResponse:
    return json_response({"result": "error", "message": {"unsubscribe request": message}}, 404)
