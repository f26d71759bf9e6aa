"""Many messages of one template in one request, each with an answer of its own. Not in the contract: ours."""

from typing import Any

from rest_framework.response import Response

from content import sanitise_content_for
from messaging.message_templates.api.serializers import url
from messaging.message_templates.queries.templates import template_with_version
from messaging.notifications.actions.accept_many import Outcome, accept_many
from messaging.notifications.actions.checks import MessageRequest, Wording
from messaging.notifications.api.sending import SendView
from messaging.notifications.api.serializers import (
    BulkSentSerializer,
    EmailRowSerializer,
    SendBulkSerializer,
    TextRowSerializer,
)
from messaging.notifications.refusals import MessageRefused
from notify.lib.api.errors import bad_request, validation_error
from notify.lib.api.exception_handler import api_error
from notify.lib.api.openapi import endpoint
from notify.lib.api.parsers import ApiRequest
from services.api.base import created
from services.enums import Channel

_ROWS = {Channel.SMS: TextRowSerializer, Channel.EMAIL: EmailRowSerializer}
_RECIPIENT = {Channel.SMS: "phone_number", Channel.EMAIL: "email_address"}


class BulkView(SendView):
    """POST /v2/notifications/bulk: up to 10,000 texts or emails; counts as one request and as many messages."""

    @endpoint(
        "send_bulk",
        "Send up to 10,000 texts or emails",
        BulkSentSerializer,
        request=SendBulkSerializer,
        status=201,
        description="Each row is checked by itself and has an answer of its own. Counts as one request and as many "
        "messages. When the rows do not fit into today’s limit, none is sent.",
    )
    def post(self, request: ApiRequest) -> Response:
        data = SendBulkSerializer.read(request.data)
        wording = self._wording(data)
        self.require_scope(f"send_{self.channel}")
        rows = [_ROWS[Channel(self.channel)].attempt(row) for row in data["notifications"]]
        done = accept_many([None if faults else self._request(data, row, wording) for row, faults in rows])
        self.note_left_today(done.left_today)
        results = [
            {"index": n, **_result(faults, outcome)}
            for n, ((_, faults), outcome) in enumerate(zip(rows, done.outcomes, strict=True))
        ]
        accepted = sum(result["status"] == "accepted" for result in results)
        answer = {
            "template": wording[1],
            "scheduled_for": data.get("scheduled_for"),
            "accepted": accepted,
            "refused": len(results) - accepted,
            "results": results,
        }
        return created(BulkSentSerializer.show(answer))

    def _wording(self, data: dict[str, Any]) -> Wording:
        """The template, which says what the channel is."""
        wording = template_with_version(self.service.pk, data["template_id"])
        template, _ = wording
        if template.channel not in _ROWS:
            raise bad_request("letter template is not suitable for bulk notification")
        self.channel = Channel(template.channel)
        if template.archived_at is not None:
            raise bad_request("Template has been deleted")
        return wording

    def _request(self, data: dict[str, Any], row: dict[str, Any], wording: Wording) -> MessageRequest:
        channel = Channel(self.channel)
        values, sanitised = sanitise_content_for(row.get("personalisation", {}), data.get("sanitise_content_for"))
        return MessageRequest(
            service=self.service,
            channel=channel,
            template=wording,
            recipient=row[_RECIPIENT[channel]],
            personalisation=values,
            key_type=self.key.key_type,
            api_key_id=self.key.pk,
            reference=row.get("reference"),
            scheduled_for=data.get("scheduled_for"),
            unsubscribe_url=row.get("one_click_unsubscribe_url"),
            attach_files=_no_files,
            formatted=list(sanitised),
            sms_sender_id=data.get("sms_sender_id"),
            email_reply_to_id=data.get("email_reply_to_id"),
        )


def _no_files(values: Any, recipient: Any) -> Any:
    if any(isinstance(value, dict) and "file" in value for value in values.values()):
        raise MessageRefused("file_bulk", "Files cannot be sent in bulk")
    return values


def _result(faults: list[str], outcome: Outcome | None) -> dict[str, Any]:
    """One row's answer: the message's id, or the errors that sending it alone would have met."""
    if faults:
        return {"status": "refused", "errors": validation_error(faults).errors}
    if isinstance(outcome, MessageRefused):
        return {"status": "refused", "errors": api_error(outcome).errors}
    return {"status": "accepted", "id": outcome, "uri": url(f"/v2/notifications/{outcome}")}
