"""Managing callbacks through the API."""

from rest_framework import serializers
from rest_framework.response import Response

from callbacks.actions import endpoints, switching
from callbacks.enums import CALLBACK_STATUSES, Kind
from callbacks.models import CallbackEndpoint
from notify.lib.api.fields import Id, Moment, OneOf, Text
from notify.lib.api.openapi import endpoint
from notify.lib.api.parsers import ApiRequest
from notify.lib.api.serializers import DoneSerializer, Input, Shape
from services.api.base import ManageView, created, path_id
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


class CallbackSerializer(Shape):
    """An endpoint without its secrets."""

    id = Id()
    kind = OneOf(Kind.values)
    url = Text()
    statuses = serializers.ListField(child=Text())
    key_types = serializers.ListField(child=Text())
    is_on = serializers.BooleanField()
    off_reason = Text(allow_null=True)
    failing_since = Moment(allow_null=True)
    created_at = Moment()

    def get_off_reason(self, endpoint: CallbackEndpoint) -> str | None:
        return endpoint.off_reason or None


class NewCallbackSerializer(CallbackSerializer):
    """A new one with its secret: shown once, as a key is; receivers check signatures with it."""

    signing_secret = Text()


class CallbacksSerializer(Shape):
    callbacks = CallbackSerializer(many=True)


class CallbackManageView(ManageView):
    tag = "Manage callbacks"


class ManagedCallbacksView(CallbackManageView):
    """/api/callbacks"""

    @endpoint("list_callbacks", "List callbacks", CallbacksSerializer)
    def get(self, request: ApiRequest) -> Response:
        found = CallbackEndpoint.objects.filter(service=self.service)
        return Response(CallbacksSerializer.show({"callbacks": found}))

    @endpoint("add_callback", "Add a callback", NewCallbackSerializer, request=NewInput, status=201)
    def post(self, request: ApiRequest) -> Response:
        added = endpoints.add_endpoint(self.service, by=self.key, **self.validated(NewInput))
        return created(NewCallbackSerializer.show(added))


class ManagedCallbackView(CallbackManageView):
    """/api/callbacks/{id}"""

    @endpoint("read_callback", "Read a callback", CallbackSerializer)
    def get(self, request: ApiRequest, callback_id: str) -> Response:
        return Response(CallbackSerializer.show(self.find(CallbackEndpoint, callback_id)))

    @endpoint("change_callback", "Change a callback", CallbackSerializer, request=ChangeInput)
    def put(self, request: ApiRequest, callback_id: str) -> Response:
        found = self.find(CallbackEndpoint, callback_id)
        data = self.validated(ChangeInput)
        is_on = data.pop("is_on", found.is_on)
        found = endpoints.change_endpoint(found, by=self.key, **data)
        if is_on != found.is_on:
            switch = switching.switch_on if is_on else switching.switch_off
            found = switch(found, by=self.key)
        return Response(CallbackSerializer.show(found))

    @endpoint("remove_callback", "Remove a callback", DoneSerializer)
    def delete(self, request: ApiRequest, callback_id: str) -> Response:
        endpoints.remove_endpoint(self.find(CallbackEndpoint, callback_id), by=self.key)
        return Response({"id": str(path_id(callback_id)), "removed": True})
