"""Texts that people sent to the service (public-api §7)."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse

from messaging.inbound.api import representations
from messaging.inbound.models import ReceivedText
from notify.lib import clock
from notify.lib.api_errors import json_response, validation_error
from services.api import openapi, validation
from services.api.base import ApiView
from services.api.pagination import PAGE_SIZE, page_links
from services.api.parsers import query
from services.api.validation import parse_uuid
from services.enums import Channel, KeyScope
from services.rules import retention_days

PATH = "/v2/received-text-messages"


class ReceivedTextsView(ApiView):
    """GET /v2/received-text-messages"""

    scope = KeyScope.REPORTS

    @openapi.list_received_texts
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
        return json_response({"received_text_messages": [representations.received_text(t) for t in texts], "links": links})
