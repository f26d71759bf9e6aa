"""Managing callbacks through the API."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework import serializers

from callbacks.actions import endpoints, switching
from callbacks.enums import CALLBACK_STATUSES, Kind
from callbacks.models import CallbackEndpoint
from notify.lib import clock
from notify.lib.api_errors import json_response
from services.api import openapi
from services.api.management import Input, ManageView
from services.enums import KeyType


class ChangeInput(Input):
    url = serializers.CharField(max_length=2_000)
    bearer_token = serializers.CharField(required=False, max_length=2_000, trim_whitespace=False)
    statuses = serializers.ListField(child=serializers.ChoiceField(CALLBACK_STATUSES), required=False)
    key_types = serializers.ListField(child=serializers.ChoiceField(KeyType.choices), required=False)
    is_on = serializers.BooleanField(required=False)


class NewInput(Input):
    kind = serializers.ChoiceField(Kind.choices)
    url = serializers.CharField(max_length=2_000)
    bearer_token = serializers.CharField(max_length=2_000, trim_whitespace=False)
    statuses = serializers.ListField(child=serializers.ChoiceField(CALLBACK_STATUSES), required=False)
    key_types = serializers.ListField(child=serializers.ChoiceField(KeyType.choices), required=False)


class CallbacksView(ManageView):
    """/api/callbacks"""

    @openapi.list_callbacks
    def get(self, request: HttpRequest) -> HttpResponse:
        found = CallbackEndpoint.objects.filter(service=self.service)
        return json_response({"callbacks": [_shown(endpoint) for endpoint in found]})

    @openapi.add_callback(NewInput)
    def post(self, request: HttpRequest) -> HttpResponse:
        endpoint = endpoints.add_endpoint(self.service, by=self.key, **self.validated(NewInput))
        # Shown once, as a key is: receivers check signatures with it.
        return json_response({**_shown(endpoint), "signing_secret": endpoint.signing_secret}, 201)


class CallbackView(ManageView):
    """/api/callbacks/{id}"""

    @openapi.read_callback
    def get(self, request: HttpRequest, callback_id: str) -> HttpResponse:
        return json_response(_shown(self.find(CallbackEndpoint, callback_id)))

    @openapi.change_callback(ChangeInput)
    def put(self, request: HttpRequest, callback_id: str) -> HttpResponse:
        endpoint = self.find(CallbackEndpoint, callback_id)
        data = self.validated(ChangeInput)
        is_on = data.pop("is_on", endpoint.is_on)
        endpoint = endpoints.change_endpoint(endpoint, by=self.key, **data)
        if is_on != endpoint.is_on:
            switch = switching.switch_on if is_on else switching.switch_off
            endpoint = switch(endpoint, by=self.key)
        return json_response(_shown(endpoint))

    @openapi.remove_callback
    def delete(self, request: HttpRequest, callback_id: str) -> HttpResponse:
        endpoints.remove_endpoint(self.find(CallbackEndpoint, callback_id), by=self.key)
        return json_response({"id": str(self.id(callback_id)), "removed": True})


def _shown(endpoint: CallbackEndpoint) -> dict[str, Any]:
    """An endpoint without its secrets."""
    return {
        "id": str(endpoint.pk),
        "kind": endpoint.kind,
        "url": endpoint.url,
        "statuses": endpoint.statuses,
        "key_types": endpoint.key_types,
        "is_on": endpoint.is_on,
        "off_reason": endpoint.off_reason or None,
        "failing_since": clock.wire(endpoint.failing_since),
        "created_at": clock.wire(endpoint.created_at),
    }
