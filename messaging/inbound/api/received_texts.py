"""Texts that people sent to the service (public-api §7)."""

from django.db.models import QuerySet
from rest_framework.response import Response

from messaging.inbound.api.serializers import ReceivedTextSerializer
from messaging.inbound.models import ReceivedText
from notify.lib.api.openapi import endpoint, page_of
from notify.lib.api.parsers import ApiRequest
from notify.lib.api.serializers import PageQuery
from services.api.base import ListApiView
from services.enums import KeyScope


class ReceivedTextsView(ListApiView):
    """GET /v2/received-text-messages"""

    scope = KeyScope.REPORTS
    query_serializer = PageQuery
    page_name = "received_text_messages"
    cursor_in_current = False

    def cursors(self) -> QuerySet[ReceivedText]:
        return ReceivedText.objects.readable(self.service)

    @endpoint("list_received_texts", "List received texts", page_of("received_text_messages", ReceivedTextSerializer))
    def get(self, request: ApiRequest) -> Response:
        PageQuery.read_query(request.query_params)
        page = self.page(self.cursors())
        return self.get_paginated_response([ReceivedTextSerializer.show(text) for text in page])
