"""Many messages of one template in one request, each with an answer of its own. Not in the contract: ours."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema_view

from content import sanitise_content_for
from messaging.message_templates.api.representations import url
from messaging.message_templates.models import MessageTemplate, TemplateVersion
from messaging.message_templates.queries.templates import template_with_version
from messaging.notifications.actions.accept import MessageRequest
from messaging.notifications.actions.accept_many import Outcome, accept_many
from messaging.notifications.api.sending import SendView
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.rules import check_channel
from notify.lib import clock
from notify.lib.api_errors import bad_request, json_response, validation_error
from services.api import openapi
from services.api.validation import EMAIL, SMS, Checker, check, parse_scheduled_for, parse_uuid
from services.enums import Channel

MAX_ROWS = 10_000


def _rows(value: Any) -> list[str]:
    if not isinstance(value, list):
        return [f"{value!r} is not of type array"]
    if not value:
        return ["must have at least one item"]
    return [f"must not have more than {MAX_ROWS} items"] if len(value) > MAX_ROWS else []


# What is the same for every row, and what each row says for itself.
BULK: dict[str, Checker] = {
    "template_id": SMS["template_id"],
    "scheduled_for": SMS["scheduled_for"],
    "sms_sender_id": SMS["sms_sender_id"],
    "email_reply_to_id": EMAIL["email_reply_to_id"],
    "sanitise_content_for": EMAIL["sanitise_content_for"],
    "notifications": _rows,
}
_ROW_FIELDS = {
    Channel.SMS: ("reference", "phone_number", "personalisation"),
    Channel.EMAIL: ("reference", "email_address", "personalisation", "one_click_unsubscribe_url"),
}
_FIELDS = {Channel.SMS: SMS, Channel.EMAIL: EMAIL}
_RECIPIENT = {Channel.SMS: "phone_number", Channel.EMAIL: "email_address"}
_SENDER = {Channel.SMS: "sms_sender_id", Channel.EMAIL: "email_reply_to_id"}


@extend_schema_view(post=openapi.send_bulk)
class BulkView(SendView):
    """POST /v2/notifications/bulk: up to 10,000 texts or emails; counts as one request and as many messages."""

    scope = None

    def send(self, data: Any) -> HttpResponse:
        self.refuse_faults(check(data, BULK, ("template_id", "notifications")))
        template, version = self._template(data)
        self.channel = template.channel
        self.require_scope(f"send_{self.channel}")
        check_channel(self.service, self.channel)
        faults = [check(row, *_schema(self.channel)) for row in data["notifications"]]
        requests = [
            None if fault else self._request(data, row, template, version)
            for row, fault in zip(data["notifications"], faults, strict=True)
        ]
        done = accept_many(requests)
        self.note_left_today(done.left_today)
        results = [_result(n, faults[n], done.outcomes[n]) for n in range(len(requests))]
        accepted = sum(result["status"] == "accepted" for result in results)
        return json_response(
            {
                "template": {"id": str(template.pk), "version": version.number},
                "scheduled_for": clock.wire(_moment(data)),
                "accepted": accepted,
                "refused": len(results) - accepted,
                "results": results,
            },
            201,
        )

    def check_daily_limit(self) -> None:
        if hasattr(self, "channel"):
            super().check_daily_limit()

    def _template(self, data: dict[str, Any]) -> tuple[MessageTemplate, TemplateVersion]:
        template_id = parse_uuid(data["template_id"])
        assert template_id is not None
        template, version = template_with_version(self.service.pk, template_id)
        if template.channel not in _FIELDS:
            raise bad_request("letter template is not suitable for bulk notification")
        if template.archived_at is not None:
            raise bad_request("Template has been deleted")
        return template, version

    def _request(
        self, data: dict[str, Any], row: dict[str, Any], template: MessageTemplate, version: TemplateVersion
    ) -> MessageRequest:
        channel = template.channel
        values, sanitised = sanitise_content_for(row.get("personalisation", {}), data.get("sanitise_content_for"))
        return MessageRequest(
            service=self.service,
            template=template,
            version=version,
            channel=channel,
            recipient=row[_RECIPIENT[Channel(channel)]],
            personalisation=values,
            key_type=self.key.key_type,
            api_key_id=self.key.pk,
            reference=row.get("reference"),
            scheduled_for=_moment(data),
            unsubscribe_url=row.get("one_click_unsubscribe_url"),
            attach_files=_no_files,
            formatted=list(sanitised),
            **{_SENDER[Channel(channel)]: parse_uuid(data.get(_SENDER[Channel(channel)]))},
        )


def _schema(channel: str) -> tuple[dict[str, Checker], tuple[str, ...]]:
    which = Channel(channel)
    return {name: _FIELDS[which][name] for name in _ROW_FIELDS[which]}, (_RECIPIENT[which],)


def _moment(data: dict[str, Any]) -> Any:
    given = data.get("scheduled_for")
    return parse_scheduled_for(given) if given else None


def _no_files(values: Any, recipient: Any) -> Any:
    if any(isinstance(value, dict) and "file" in value for value in values.values()):
        raise MessageRefused("Files cannot be sent in bulk", code="file_bulk")
    return values


def _result(index: int, faults: list[str], outcome: Outcome | None) -> dict[str, Any]:
    """One row's answer: the message's id, or the errors that sending it alone would have met."""
    if faults:
        return {"index": index, "status": "refused", "errors": validation_error(faults).errors}
    if isinstance(outcome, MessageRefused):
        errors = [{"error": outcome.error, "message": outcome.message}]
        return {"index": index, "status": "refused", "errors": errors}
    return {"index": index, "status": "accepted", "id": str(outcome), "uri": url(f"/v2/notifications/{outcome}")}
