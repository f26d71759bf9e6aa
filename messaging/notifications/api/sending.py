"""Sending a text or an email (public-api §4.3 and §4.4)."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import extend_schema_view

from content import sanitise_content_for
from messaging.message_templates.queries.templates import template_with_version
from messaging.notifications.actions import quota
from messaging.notifications.actions.accept import Accepted, MessageRequest, accept, email_address_of
from messaging.notifications.actions.documents import StoredFile, check_files_set_up, discard, read_file, store_document
from messaging.notifications.api import representations
from messaging.notifications.recipients import Recipient
from messaging.notifications.refusals import MessageRefused, over_daily_limit
from messaging.notifications.rules import check_channel
from notify.lib import clock
from notify.lib.api_errors import ApiError, json_response, validation_error
from services.api import openapi, validation
from services.api.base import ApiView
from services.api.validation import parse_scheduled_for, parse_uuid
from services.enums import Channel, KeyScope, KeyType
from services.rules import daily_limit


class SendView(ApiView):
    """What the sends have in common: counted by the minute and the day, refused in the contract's order."""

    rate_limited = True
    channel: str

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            return self._refuse_over_limit()
        except MessageRefused as refused:
            if refused.code == "daily_limit":
                wait = clock.start_of_next_utc_day() - clock.now()
                self.answer_headers["Retry-After"] = str(ceil(wait.total_seconds()))
            raise

    def _refuse_over_limit(self) -> HttpResponse:
        try:
            return self.send(self.data())
        except (ApiError, MessageRefused):
            self.check_daily_limit()
            raise

    def send(self, data: Any) -> HttpResponse:
        """Accept the message and answer 201."""
        raise NotImplementedError

    def check_daily_limit(self) -> None:
        """Refuse when today's allowance is used up.

        The contract checks this before it reads the body. Accepting reserves exactly and refuses by itself, so only
        the answers that did not get there have to ask: what succeeds costs nothing more.
        """
        if self.key.key_type == KeyType.TEST:
            return
        limit = daily_limit(self.service, self.channel, key_type=self.key.key_type)
        if quota.used_today(self.service, self.channel) >= limit:
            raise over_daily_limit(self.channel, limit)

    def note_left_today(self, left: int | None) -> None:
        """Tell the client what is left of today's allowance, where it counts."""
        if left is not None:
            self.answer_headers["RateLimit-Remaining-Today"] = str(left)

    @staticmethod
    def refuse_faults(faults: list[str]) -> None:
        if faults:
            raise validation_error(faults)


class TextOrEmailView(SendView):
    """The steps that texts and emails share (public-api §4.1, 5 to 17)."""

    recipient_field: str
    sender_field: str

    def files(self, values: Mapping[str, Any], recipient: Recipient) -> Mapping[str, Any]:
        """Personalisation with files replaced by links; only emails have any."""
        return values

    def request_for(
        self, data: Mapping[str, Any], personalisation: Mapping[str, Any], formatted: Sequence[str] = ()
    ) -> MessageRequest:
        template_id = parse_uuid(data["template_id"])
        assert template_id is not None
        template, version = template_with_version(self.service.pk, template_id)
        scheduled_for = data.get("scheduled_for")
        return MessageRequest(
            service=self.service,
            template=template,
            version=version,
            channel=self.channel,
            recipient=data[self.recipient_field],
            personalisation=personalisation,
            key_type=self.key.key_type,
            api_key_id=self.key.pk,
            reference=data.get("reference"),
            scheduled_for=parse_scheduled_for(scheduled_for) if scheduled_for else None,
            unsubscribe_url=data.get("one_click_unsubscribe_url"),
            attach_files=self.files,
            formatted=formatted,
            **{self.sender_field: parse_uuid(data.get(self.sender_field))},
        )

    def accept(self, request: MessageRequest) -> Accepted:
        accepted = accept(request)
        if accepted.simulated:
            self.check_daily_limit()
        self.note_left_today(accepted.left_today)
        return accepted

    def answer(self, request: MessageRequest, accepted: Accepted, content: dict[str, Any], **more: Any) -> HttpResponse:
        answer = representations.sent(accepted.id, request.reference, request.template, request.version.number, content)
        answer["scheduled_for"] = clock.wire(accepted.scheduled_for)
        return json_response({**answer, **more}, 201)


@extend_schema_view(post=openapi.send_text)
class SendTextView(TextOrEmailView):
    """POST /v2/notifications/sms"""

    scope = KeyScope.SEND_SMS
    channel = Channel.SMS
    recipient_field = "phone_number"
    sender_field = "sms_sender_id"

    def send(self, data: Any) -> HttpResponse:
        self.refuse_faults(validation.check_sms(data))
        check_channel(self.service, self.channel)
        request = self.request_for(data, data.get("personalisation", {}))
        accepted = self.accept(request)
        content = {"body": accepted.body, "from_number": shown_sender(accepted.sender)}
        return self.answer(request, accepted, content)


@extend_schema_view(post=openapi.send_email)
class SendEmailView(TextOrEmailView):
    """POST /v2/notifications/email"""

    scope = KeyScope.SEND_EMAIL
    channel = Channel.EMAIL
    recipient_field = "email_address"
    sender_field = "email_reply_to_id"

    def send(self, data: Any) -> HttpResponse:
        self.refuse_faults(validation.check_email(data))
        check_channel(self.service, self.channel)
        values, sanitised = sanitise_content_for(data.get("personalisation", {}), data.get("sanitise_content_for"))
        request = self.request_for(data, values, list(sanitised))
        self.stored: dict[str, StoredFile] = {}
        try:
            accepted = self.accept(request)
        except Exception:
            discard(self.stored.values())
            raise
        content = {
            "from_email": email_address_of(self.service),
            "subject": accepted.subject,
            "body": accepted.body,
            "one_click_unsubscribe_url": request.unsubscribe_url,
        }
        return self.answer(request, accepted, content, sanitised_content=sanitised)

    def files(self, values: Mapping[str, Any], recipient: Recipient) -> Mapping[str, Any]:
        """Personalisation with each file replaced by its link: shape, then contact details, then the files."""
        found = {name: value for name, value in values.items() if isinstance(value, dict) and "file" in value}
        if not found:
            return values
        self.refuse_faults([fault for value in found.values() for fault in validation.check_file(value)])
        check_files_set_up(self.service)
        read = {name: read_file(value, _weeks(value)) for name, value in found.items()}
        self.stored = {name: store_document(self.service, file, recipient) for name, file in read.items()}
        return {**values, **{name: stored.link for name, stored in self.stored.items()}}


def _weeks(value: Mapping[str, Any]) -> int:
    weeks = validation.retention_weeks(value.get("retention_period"))
    assert weeks is not None
    return weeks


def shown_sender(sender: str) -> str:
    """A sender that is a UK number as the contract shows it: 07123123123 as 447123123123."""
    return f"44{sender[1:]}" if sender.isdigit() and sender.startswith("07") and len(sender) == 11 else sender
