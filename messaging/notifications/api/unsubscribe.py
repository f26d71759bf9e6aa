"""A recipient's wish for no more emails (public-api §8)."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from messaging.notifications.actions.unsubscribe import unsubscribe
from messaging.notifications.links.unsubscribe import is_valid
from messaging.notifications.models import Notification
from notify.lib.api.errors import json_response, routing_response
from notify.lib.api.fields import parse_uuid


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
