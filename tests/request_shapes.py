"""The shapes of requests under the names that the reference's cases give them, and what is wrong with a request."""

from typing import Any

from messaging.inbound.api.received_texts import ReceivedTextsView
from messaging.letters.api.serializers import SendLetterSerializer, SendPrecompiledLetterSerializer
from messaging.message_templates.api.serializers import PreviewTemplateSerializer, TemplatesQuery
from messaging.notifications.api.serializers import (
    FileSerializer,
    NotificationsQuery,
    SendEmailSerializer,
    SendTextSerializer,
)
from notify.lib.api.fields import Id
from notify.lib.api.serializers import Shape


class NotificationPath(Shape):
    notification_id = Id()


class TemplatePath(Shape):
    id = Id()


class PreviewPath(Shape):
    takes_more = True
    id = Id(required=False)


SHAPES: dict[str, type[Shape]] = {
    "sms": SendTextSerializer,
    "email": SendEmailSerializer,
    "letter": SendLetterSerializer,
    "precompiled_letter": SendPrecompiledLetterSerializer,
    "file": FileSerializer,
    "notification_id": NotificationPath,
    "list_notifications": NotificationsQuery,
    "template": TemplatePath,
    "template_preview": PreviewTemplateSerializer,
    "list_templates": TemplatesQuery,
    "received_texts": ReceivedTextsView.query_serializer,
}


def faults(shape: type[Shape], data: Any) -> list[str]:
    return shape.attempt(data)[1]


def validate(schema: str, data: Any) -> list[dict[str, str]]:
    """The entries of the answer to a request of a named schema; empty if nothing is wrong."""
    data = {} if data is None else data
    messages = faults(SHAPES[schema], data)
    if schema == "template_preview" and isinstance(data, dict):
        messages = faults(PreviewPath, {"id": data.get("id")}) + messages
    return [{"error": "ValidationError", "message": message} for message in messages]
