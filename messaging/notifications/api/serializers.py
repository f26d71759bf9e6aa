"""Messages in the shapes of the wire contract: what sends take and answer, what is read back (public-api §4 and §5)."""

import re
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import SkipField

from content import InvalidRecipient
from messaging.message_templates.api.serializers import url
from messaging.message_templates.models import TemplateVersion
from messaging.notifications.actions.accept import AcceptedMessage, email_address_of
from messaging.notifications.api.messages import Message
from messaging.notifications.rules.recipients import Recipient, email_recipient, phone_recipient
from notify.lib.api.fields import (
    Id,
    Items,
    Moment,
    OneOf,
    Personalisation,
    Reference,
    ScheduledFor,
    SomeOf,
    Text,
    WireField,
    refuse,
)
from notify.lib.api.serializers import FaultSerializer, OlderThan, Shape
from services.api.fields import CHANNELS, OneChannel
from services.enums import Channel

MAX_ROWS = 10_000
STATUSES = (
    "cancelled", "created", "sending", "sent", "delivered", "pending", "failed", "technical-failure",
    "temporary-failure", "permanent-failure", "pending-virus-check", "validation-failed", "virus-scan-failed",
    "returned-letter", "accepted", "received",
)  # fmt: skip

# RFC 3986: a scheme, a colon, and nothing but the characters an address may hold.
_URI = re.compile(r"https[A-Za-z0-9+.\-]*:(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*")
_RETENTION = re.compile(r"([0-9]{1,3}) weeks?", re.IGNORECASE)


# --- fields of sends --------------------------------------------------------------------------------------------------
class PhoneNumberField(Text):
    """Read once, here: what comes out is the recipient that is checked, stored and sent to."""

    def to_internal_value(self, data: Any) -> Recipient:  # type: ignore[override]
        return self.recipient(data, phone_recipient)

    def recipient(self, data: Any, read: Any) -> Recipient:
        if not isinstance(data, str):
            self.wrong_type(data)
        try:
            return read(data)
        except InvalidRecipient as error:
            refuse(error.api_message)


class EmailAddress(PhoneNumberField):
    def to_internal_value(self, data: Any) -> Recipient:  # type: ignore[override]
        return self.recipient(data, email_recipient)


@extend_schema_field({"type": "string", "format": "uri", "pattern": "^https"})
class UnsubscribeUrl(Text):
    def to_internal_value(self, data: Any) -> str:
        return data if isinstance(data, str) and _URI.fullmatch(data) else refuse("is not a valid https url")


class Flag(WireField, serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool | None:
        if data is not None and not isinstance(data, bool):
            refuse(f"Unsupported value for {self.field_name}: {data}. Use a boolean true or false value.")
        return data


class Retention(Text):
    """Weeks a file is kept."""

    def to_internal_value(self, data: Any) -> int:  # type: ignore[override]
        match = _RETENTION.fullmatch(data.strip()) if isinstance(data, str) else None
        weeks = int(match[1]) if match else 0
        if not 1 <= weeks <= 78:
            refuse(f"Unsupported value for retention_period: {data}. Supported periods are from 1 to 78 weeks.")
        return weeks


class Filename(Text):
    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or "." not in data:
            refuse("`filename` must end with a file extension. For example, filename.csv")
        return data


_SMS_SENDER = "Which of your text senders; the default one if absent."
_REPLY_TO = "Which of your reply-to addresses; the default one if absent."
_SANITISE = "Names of values from people you do not know: links and formatting in them are made harmless."
_UNSUBSCRIBE = "Where mail programs post when somebody unsubscribes."


# --- what sends take --------------------------------------------------------------------------------------------------
class SendTextSerializer(Shape):
    reference = Reference()
    phone_number = PhoneNumberField(help_text="For example 07700 900123.")
    template_id = Id()
    personalisation = Personalisation(required=False)
    scheduled_for = ScheduledFor()
    sms_sender_id = Id(required=False, help_text=_SMS_SENDER)


class SendEmailSerializer(Shape):
    reference = Reference()
    email_address = EmailAddress(help_text="For example sam@example.com.")
    template_id = Id()
    personalisation = Personalisation(required=False)
    scheduled_for = ScheduledFor()
    email_reply_to_id = Id(required=False, help_text=_REPLY_TO)
    one_click_unsubscribe_url = UnsubscribeUrl(required=False, help_text=_UNSUBSCRIBE)
    sanitise_content_for = Items(required=False, allow_null=True, help_text=_SANITISE)


class FileSerializer(Shape):
    """A personalisation value that is a file (public-api §4.5)."""

    unknown_first = True
    file = Text(required=False)
    is_csv = Flag(required=False, allow_null=True)
    confirm_email_before_download = Flag(required=False, allow_null=True)
    retention_period = Retention(required=False, allow_null=True)
    filename = Filename(required=False, allow_null=True)

    def also_wrong(self, data: dict[str, Any]) -> list[str]:
        both = "is_csv" in data and "filename" in data
        return ["Do not set a value for `is_csv` if `filename` is set."] if both else []


class SendBulkSerializer(Shape):
    """What is the same for every row; each row is read by itself, so that a wrong one is answered in its own result."""

    template_id = Id()
    scheduled_for = ScheduledFor()
    sms_sender_id = Id(required=False, help_text=_SMS_SENDER)
    email_reply_to_id = Id(required=False, help_text=_REPLY_TO)
    sanitise_content_for = Items(required=False, allow_null=True, help_text=_SANITISE)
    notifications = Items(
        min_length=1,
        max_length=MAX_ROWS,
        help_text="Rows with phone_number or email_address, and optionally personalisation, reference and (emails) "
        "one_click_unsubscribe_url.",
    )


class TextRowSerializer(Shape):
    reference = Reference()
    phone_number = PhoneNumberField()
    personalisation = Personalisation(required=False)


class EmailRowSerializer(Shape):
    reference = Reference()
    email_address = EmailAddress()
    personalisation = Personalisation(required=False)
    one_click_unsubscribe_url = UnsubscribeUrl(required=False)


# --- what sends answer ------------------------------------------------------------------------------------------------
class SentTemplateSerializer(Shape):
    id = Id(source="template_id")
    version = serializers.IntegerField(min_value=1, source="number")
    uri = serializers.URLField()

    def get_uri(self, version: TemplateVersion) -> str:
        return url(f"/services/{version.template.service_id}/templates/{version.template_id}")


class TextContentSerializer(Shape):
    body = Text()
    from_number = Text()

    def get_from_number(self, accepted: AcceptedMessage) -> str:
        """A sender that is a UK number as the contract shows it: 07123123123 as 447123123123."""
        sender = accepted.sender
        return f"44{sender[1:]}" if sender.isdigit() and sender.startswith("07") and len(sender) == 11 else sender


class EmailContentSerializer(Shape):
    from_email = Text()
    subject = Text()
    body = Text()
    one_click_unsubscribe_url = Text(allow_null=True, source="request.unsubscribe_url")

    def get_from_email(self, accepted: AcceptedMessage) -> str:
        return email_address_of(accepted.request.service)


class SentShape(Shape):
    def get_scheduled_for(self, accepted: Any) -> Any:
        """Letters wait for no time of their own."""
        return getattr(accepted.request, "scheduled_for", None)

    def get_sanitised_content(self, accepted: AcceptedMessage) -> None:
        """Known to the view alone, which adds it."""
        raise SkipField

    def get_uri(self, accepted: Any) -> str:
        return url(f"/v2/notifications/{accepted.id}")


def sent(channel: str, content: type[Shape], **more: serializers.Field) -> type[Shape]:
    """What every 201 of a message from a template has."""
    fields: dict[str, Any] = {
        "id": Id(),
        "reference": Text(allow_null=True, source="request.reference"),
        "content": content(source="*"),
        "uri": serializers.URLField(),
        "template": SentTemplateSerializer(source="version"),
        "scheduled_for": Moment(allow_null=True),
        **more,
    }
    return type(f"{channel}SentSerializer", (SentShape,), fields)


TextSentSerializer = sent("Text", TextContentSerializer)
EmailSentSerializer = sent("Email", EmailContentSerializer, sanitised_content=serializers.DictField())


class BulkTemplateSerializer(Shape):
    id = Id(source="template_id")
    version = serializers.IntegerField(min_value=1, source="number")


class BulkResultSerializer(Shape):
    index = serializers.IntegerField()
    status = OneOf(["accepted", "refused"])
    id = Id(required=False)
    uri = serializers.URLField(required=False)
    errors = FaultSerializer(many=True, required=False)  # type: ignore[assignment] # a key of the answer


class BulkSentSerializer(Shape):
    template = BulkTemplateSerializer()
    scheduled_for = Moment(allow_null=True)
    accepted = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = BulkResultSerializer(many=True)


# --- what is read back ------------------------------------------------------------------------------------------------
class NotificationsQuery(Shape):
    reference = Text(required=False, help_text="Only this reference.")
    status = SomeOf(STATUSES, help_text="Only these statuses.")
    template_type = SomeOf(CHANNELS, help_text="Only these kinds.")
    include_jobs = OneOf(["true", "True"], required=False, help_text="Messages of spreadsheets too.")
    older_than = OlderThan()


class TemplateLinkSerializer(Shape):
    id = Id(source="template_id")
    version = serializers.IntegerField(min_value=1, source="template_version")
    uri = serializers.URLField()

    def get_uri(self, row: Any) -> str:
        return url(f"/v2/template/{row.template_id}/version/{row.template_version}")


class NotificationSerializer(Shape):
    """One message (public-api §5.1)."""

    id = Id(source="row.pk")
    reference = Text(allow_null=True, source="row.client_reference")
    email_address = Text(allow_null=True)
    phone_number = Text(allow_null=True)
    line_1 = Text(allow_null=True, source="address.line_1")
    line_2 = Text(allow_null=True, source="address.line_2")
    line_3 = Text(allow_null=True, source="address.line_3")
    line_4 = Text(allow_null=True, source="address.line_4")
    line_5 = Text(allow_null=True, source="address.line_5")
    line_6 = Text(allow_null=True, source="address.line_6")
    postcode = Text(allow_null=True, source="address.postcode")
    type = OneChannel(source="row.channel")
    status = OneOf(STATUSES)
    template = TemplateLinkSerializer(source="row")
    body = Text(source="rendered.body")
    subject = Text(allow_null=True, source="rendered.subject")
    created_at = Moment(source="row.created_at")
    created_by_name = Text(allow_null=True, source="author")
    sent_at = Moment(allow_null=True, source="row.sent_at")
    completed_at = Moment(allow_null=True)
    scheduled_for = Moment(allow_null=True, source="row.scheduled_for")
    postage = Text(allow_null=True, source="row.postage")
    one_click_unsubscribe_url = Text(allow_null=True, source="unsubscribe_url")
    is_cost_data_ready = serializers.BooleanField(source="cost.ready")
    cost_in_pounds = serializers.FloatField(allow_null=True, source="cost.pounds")
    cost_details = serializers.DictField(source="cost.details")
    estimated_delivery = Moment(required=False, help_text="Letters only.")

    def get_email_address(self, message: Message) -> str | None:
        return message.content["to"] if message.row.channel == Channel.EMAIL else None

    def get_phone_number(self, message: Message) -> str | None:
        return message.content["to"] if message.row.channel == Channel.SMS else None

    def get_estimated_delivery(self, message: Message) -> Any:
        if message.row.channel != Channel.LETTER:
            raise SkipField
        return message.estimated_delivery
