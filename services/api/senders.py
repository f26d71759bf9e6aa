"""Managing senders: text senders, reply-to addresses and sender addresses of letters."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from rest_framework import serializers

from notify.lib import clock
from notify.lib.api_errors import json_response
from services.actions import senders
from services.api import openapi
from services.api.management import Input, ManageView
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


def _shown(sender: Any) -> dict[str, Any]:
    """A sender of any kind under its own field's name."""
    found = {"id": str(sender.pk), "is_default": sender.is_default, "created_at": clock.wire(sender.created_at)}
    if isinstance(sender, SmsSender):
        return {**found, "name": sender.name, "receives_texts": sender.is_inbound_number}
    if isinstance(sender, EmailReplyTo):
        return {**found, "email_address": sender.email_address, "verified_at": clock.wire(sender.verified_at)}
    return {**found, "block": sender.block}


class SendersView(ManageView):
    """/api/senders"""

    @openapi.list_senders
    def get(self, request: HttpRequest) -> HttpResponse:
        kinds: dict[str, type[models.Model]] = {
            "sms_senders": SmsSender, "email_reply_to": EmailReplyTo, "letter_contacts": LetterContact,
        }  # fmt: skip
        return json_response(
            {
                name: [
                    _shown(sender)
                    for sender in model._default_manager.filter(service=self.service, archived_at__isnull=True).order_by("pk")
                ]
                for name, model in kinds.items()
            }
        )


class SenderKindView(ManageView):
    """/api/senders/{kind}: adds one."""

    body: ClassVar[type[Input]]
    add: ClassVar[Callable[..., Any]]

    def post(self, request: HttpRequest) -> HttpResponse:
        return json_response(_shown(type(self).add(self.service, by=self.key, **self.validated(self.body))), 201)


class SenderView(ManageView):
    """/api/senders/{kind}/{id}: changes or removes one."""

    body: ClassVar[type[Input]]
    model: ClassVar[type[models.Model]]
    change: ClassVar[Callable[..., Any]]

    def put(self, request: HttpRequest, sender_id: str) -> HttpResponse:
        sender = self._sender(sender_id)
        return json_response(_shown(type(self).change(sender, by=self.key, **self.validated(self.body))))

    def delete(self, request: HttpRequest, sender_id: str) -> HttpResponse:
        senders.remove_sender(self._sender(sender_id), by=self.key)
        return json_response({"id": str(self.id(sender_id)), "archived": True})

    def _sender(self, sender_id: str) -> Any:
        sender: Any = self.find(self.model, sender_id, archived_at__isnull=True)
        sender.service = self.service
        return sender


@openapi.sender_kind("text sender", "add_sms_sender", SmsSenderInput)
class SmsSendersView(SenderKindView):
    body = SmsSenderInput
    add = staticmethod(senders.add_sms_sender)


@openapi.sender("text sender", "sms_sender", SmsSenderInput)
class SmsSenderView(SenderView):
    body, model = SmsSenderInput, SmsSender
    change = staticmethod(senders.change_sms_sender)


@openapi.sender_kind("reply-to address", "add_email_reply_to", ReplyToInput)
class ReplyTosView(SenderKindView):
    body = ReplyToInput
    add = staticmethod(senders.add_reply_to)


@openapi.sender("reply-to address", "email_reply_to", ReplyToInput)
class ReplyToView(SenderView):
    body, model = ReplyToInput, EmailReplyTo
    change = staticmethod(senders.change_reply_to)


@openapi.sender_kind("sender address for letters", "add_letter_contact", LetterContactInput)
class LetterContactsView(SenderKindView):
    body = LetterContactInput
    add = staticmethod(senders.add_letter_contact)


@openapi.sender("sender address for letters", "letter_contact", LetterContactInput)
class LetterContactView(SenderView):
    body, model = LetterContactInput, LetterContact
    change = staticmethod(senders.change_letter_contact)
