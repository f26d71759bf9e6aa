"""Sending a text or an email (public-api §4.3 and §4.4)."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

from rest_framework.response import Response

from content import sanitise_content_for
from messaging.notifications.actions import quota
from messaging.notifications.actions.accept import AcceptedMessage, accept
from messaging.notifications.actions.checks import MessageRequest, Personalisation
from messaging.notifications.actions.documents import StoredFile, check_files_set_up, discard, read_file, store_document
from messaging.notifications.api.refusals import DAILY_LIMIT
from messaging.notifications.api.serializers import (
    EmailSentSerializer,
    FileSerializer,
    SendEmailSerializer,
    SendTextSerializer,
    TextSentSerializer,
)
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.rules.recipients import Recipient
from notify.lib import clock
from notify.lib.api.errors import validation_error
from notify.lib.api.openapi import endpoint
from notify.lib.api.parsers import ApiRequest
from services.api.base import ApiView, created
from services.api.throttling import KeyRateThrottle
from services.enums import Channel, KeyScope

DEFAULT_WEEKS = 26


class SendView(ApiView):
    """What the sends have in common: counted by the minute and the day, refused in the contract's order."""

    tag = "Send"
    throttle_classes = [KeyRateThrottle]
    channel: str

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, MessageRefused) and exc.code == DAILY_LIMIT:
            wait = clock.start_of_next_utc_day() - clock.now()
            self.answer_headers["Retry-After"] = str(ceil(wait.total_seconds()))
        return super().handle_exception(exc)

    def check_day(self) -> None:
        """Refuse when today's allowance is used up, before anything else is said about the message."""
        quota.check_left_today(self.service, self.channel, key_type=self.key.key_type)

    def note_left_today(self, left: int | None) -> None:
        """Tell the client what is left of today's allowance, where it counts."""
        if left is not None:
            self.answer_headers["RateLimit-Remaining-Today"] = str(left)


class TextOrEmailView(SendView):
    """The steps that texts and emails share (public-api §4.1, 5 to 17)."""

    recipient_field: str

    def accept(self, data: Mapping[str, Any], values: Personalisation, formatted: Sequence[str] = ()) -> AcceptedMessage:
        """Take the message in. Its template is looked up, and all else checked, in the order of the contract."""
        accepted = accept(
            MessageRequest(
                service=self.service,
                channel=self.channel,
                template=data["template_id"],
                recipient=data[self.recipient_field],
                personalisation=values,
                key_type=self.key.key_type,
                api_key_id=self.key.pk,
                reference=data.get("reference"),
                scheduled_for=data.get("scheduled_for"),
                unsubscribe_url=data.get("one_click_unsubscribe_url"),
                attach_files=self.files,
                formatted=formatted,
                sms_sender_id=data.get("sms_sender_id"),
                email_reply_to_id=data.get("email_reply_to_id"),
            )
        )
        self.note_left_today(accepted.left_today)
        return accepted

    def files(self, values: Personalisation, recipient: Recipient) -> Personalisation:
        """Personalisation with files replaced by links; only emails have any."""
        return values


class SendTextView(TextOrEmailView):
    """POST /v2/notifications/sms"""

    scope = KeyScope.SEND_SMS
    channel = Channel.SMS
    recipient_field = "phone_number"

    @endpoint("send_text", "Send a text message", TextSentSerializer, request=SendTextSerializer, status=201)
    def post(self, request: ApiRequest) -> Response:
        self.check_day()
        data = SendTextSerializer.read(request.data)
        return created(TextSentSerializer.show(self.accept(data, data.get("personalisation", {}))))


class SendEmailView(TextOrEmailView):
    """POST /v2/notifications/email"""

    scope = KeyScope.SEND_EMAIL
    channel = Channel.EMAIL
    recipient_field = "email_address"

    @endpoint("send_email", "Send an email", EmailSentSerializer, request=SendEmailSerializer, status=201)
    def post(self, request: ApiRequest) -> Response:
        self.check_day()
        data = SendEmailSerializer.read(request.data)
        values, sanitised = sanitise_content_for(data.get("personalisation", {}), data.get("sanitise_content_for"))
        self.stored: dict[str, StoredFile] = {}
        try:
            accepted = self.accept(data, values, list(sanitised))
        except Exception:
            discard(self.stored.values())
            raise
        return created(EmailSentSerializer.show(accepted) | {"sanitised_content": sanitised})

    def files(self, values: Personalisation, recipient: Recipient) -> Personalisation:
        """Personalisation with each file replaced by its link: shape, then contact details, then the files."""
        found = {name: value for name, value in values.items() if isinstance(value, dict) and "file" in value}
        if not found:
            return values
        files = {name: FileSerializer.attempt(value) for name, value in found.items()}
        if faults := [fault for _, wrong in files.values() for fault in wrong]:
            raise validation_error(faults)
        check_files_set_up(self.service)
        read = {name: read_file(file, file.get("retention_period") or DEFAULT_WEEKS) for name, (file, _) in files.items()}
        self.stored = {name: store_document(self.service, file, recipient) for name, file in read.items()}
        return {**values, **{name: stored.link for name, stored in self.stored.items()}}
