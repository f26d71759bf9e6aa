"""Managing senders: text senders, reply-to addresses and sender addresses of letters."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db import models
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.response import Response

from notify.lib.api.fields import Id, Moment, Text
from notify.lib.api.openapi import endpoint
from notify.lib.api.parsers import ApiRequest
from notify.lib.api.serializers import DoneSerializer, Input, Shape
from services.actions import senders
from services.api.base import ManageView, created, path_id
from services.models import EmailReplyTo, LetterContact, SmsSender


class SmsSenderInput(Input):
    name = serializers.CharField(max_length=11)
    is_default = serializers.BooleanField(required=False, default=False)


class ReplyToInput(Input):
    email_address = serializers.CharField(max_length=320)
    is_default = serializers.BooleanField(required=False, default=False)


class LetterContactInput(Input):
    block = serializers.CharField(max_length=1_000)
    is_default = serializers.BooleanField(required=False, default=False)


class SenderSerializer(Shape):
    id = Id()
    is_default = serializers.BooleanField()
    created_at = Moment()


class SmsSenderSerializer(SenderSerializer):
    name = Text()
    receives_texts = serializers.BooleanField(source="is_inbound_number")


class ReplyToSerializer(SenderSerializer):
    email_address = Text()
    verified_at = Moment(allow_null=True)


class LetterContactSerializer(SenderSerializer):
    block = Text()


class SendersSerializer(Shape):
    sms_senders = SmsSenderSerializer(many=True)
    email_reply_to = ReplyToSerializer(many=True)
    letter_contacts = LetterContactSerializer(many=True)


class SendersView(ManageView):
    """/api/senders"""

    tag = "Manage senders"

    @endpoint("list_senders", "List senders", SendersSerializer)
    def get(self, request: ApiRequest) -> Response:
        kinds: dict[str, type[models.Model]] = {
            "sms_senders": SmsSender, "email_reply_to": EmailReplyTo, "letter_contacts": LetterContact,
        }  # fmt: skip
        mine = {
            name: model._default_manager.filter(service=self.service, archived_at__isnull=True).order_by("pk")
            for name, model in kinds.items()
        }
        return Response(SendersSerializer.show(mine))


class SenderKindView(ManageView):
    """/api/senders/{kind}: adds one."""

    tag = "Manage senders"
    body: ClassVar[type[Input]]
    shape: ClassVar[type[SenderSerializer]]
    add: ClassVar[Callable[..., Any]]

    def post(self, request: ApiRequest) -> Response:
        return created(self.shape.show(type(self).add(self.service, by=self.key, **self.validated(self.body))))


class SenderView(ManageView):
    """/api/senders/{kind}/{id}: changes or removes one."""

    tag = "Manage senders"
    body: ClassVar[type[Input]]
    shape: ClassVar[type[SenderSerializer]]
    model: ClassVar[type[models.Model]]
    change: ClassVar[Callable[..., Any]]

    def put(self, request: ApiRequest, sender_id: str) -> Response:
        sender = self._sender(sender_id)
        return Response(self.shape.show(type(self).change(sender, by=self.key, **self.validated(self.body))))

    def delete(self, request: ApiRequest, sender_id: str) -> Response:
        senders.remove_sender(self._sender(sender_id), by=self.key)
        return Response({"id": str(path_id(sender_id)), "archived": True})

    def _sender(self, sender_id: str) -> Any:
        sender: Any = self.find(self.model, sender_id, archived_at__isnull=True)
        sender.service = self.service
        return sender


def _adds(what: str, operation_id: str, body: type[Input], shape: type[Shape]) -> Callable[[Any], Any]:
    return extend_schema_view(post=endpoint(operation_id, f"Add a {what}", shape, request=body, status=201))


def _changes(what: str, name: str, body: type[Input], shape: type[Shape]) -> Callable[[Any], Any]:
    return extend_schema_view(
        put=endpoint(f"change_{name}", f"Change a {what}", shape, request=body),
        delete=endpoint(f"remove_{name}", f"Remove a {what}", DoneSerializer),
    )


@_adds("text sender", "add_sms_sender", SmsSenderInput, SmsSenderSerializer)
class SmsSendersView(SenderKindView):
    body, shape = SmsSenderInput, SmsSenderSerializer
    add = staticmethod(senders.add_sms_sender)


@_changes("text sender", "sms_sender", SmsSenderInput, SmsSenderSerializer)
class SmsSenderView(SenderView):
    body, shape, model = SmsSenderInput, SmsSenderSerializer, SmsSender
    change = staticmethod(senders.change_sms_sender)


@_adds("reply-to address", "add_email_reply_to", ReplyToInput, ReplyToSerializer)
class ReplyTosView(SenderKindView):
    body, shape = ReplyToInput, ReplyToSerializer
    add = staticmethod(senders.add_reply_to)


@_changes("reply-to address", "email_reply_to", ReplyToInput, ReplyToSerializer)
class ReplyToView(SenderView):
    body, shape, model = ReplyToInput, ReplyToSerializer, EmailReplyTo
    change = staticmethod(senders.change_reply_to)


@_adds("sender address for letters", "add_letter_contact", LetterContactInput, LetterContactSerializer)
class LetterContactsView(SenderKindView):
    body, shape = LetterContactInput, LetterContactSerializer
    add = staticmethod(senders.add_letter_contact)


@_changes("sender address for letters", "letter_contact", LetterContactInput, LetterContactSerializer)
class LetterContactView(SenderView):
    body, shape, model = LetterContactInput, LetterContactSerializer, LetterContact
    change = staticmethod(senders.change_letter_contact)
