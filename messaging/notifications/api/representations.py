"""Notifications in the shapes of the wire contract (public-api §4.3–4.7, §5.1)."""

from typing import Any
from uuid import UUID

from accounts.models import User
from content import letter_timings
from messaging.enums import Postage, Status
from messaging.message_templates.api.representations import rendered, url
from messaging.message_templates.models import MessageTemplate, TemplateVersion
from messaging.message_templates.queries.templates import version_of
from messaging.notifications.models import Notification, NotificationContent
from messaging.notifications.queries.pricing import sms_rate
from messaging.notifications.unsubscribe_links import unsubscribe_post_url
from notify.lib import clock
from notify.lib.crypto import decrypt_json
from services.enums import Channel

ADDRESS_FIELDS = ("line_1", "line_2", "line_3", "line_4", "line_5", "line_6", "postcode")


NEVER_SENT = frozenset({Status.CANCELLED, Status.TECHNICAL_FAILURE, Status.VALIDATION_FAILED, Status.VIRUS_SCAN_FAILED})


_LETTER_WORDS = {
    Status.CREATED: "accepted",
    Status.SENDING: "accepted",
    Status.DELIVERED: "received",
    Status.RETURNED_LETTER: "received",
}


# A final status, except that virus-scan-failed has none and sent has one (public-api §5.1).
_COMPLETED = frozenset(status for status in Status if status.is_final) - {Status.VIRUS_SCAN_FAILED} | {Status.SENT}


def status_word(notification: Notification) -> str:
    """The status in the words of its channel."""
    state = notification.state
    if notification.channel == Channel.LETTER and state in _LETTER_WORDS:
        return _LETTER_WORDS[state]
    return state.label


def sent(
    notification_id: UUID, reference: str | None, template: MessageTemplate, version: int, content: dict[str, Any]
) -> dict[str, Any]:
    """What every 201 of a templated message has."""
    return {
        "id": str(notification_id),
        "reference": reference,
        "content": content,
        "uri": url(f"/v2/notifications/{notification_id}"),
        "template": {
            "id": str(template.pk),
            "version": version,
            "uri": url(f"/services/{template.service_id}/templates/{template.pk}"),
        },
        "scheduled_for": None,
    }


def notifications(rows: list[Notification]) -> list[dict[str, Any]]:
    """Notification objects for a page: contents and names are fetched once for all. Rows without content are left out."""
    sealed = dict(NotificationContent.objects.filter(pk__in=[n.pk for n in rows]).values_list("pk", "sealed"))
    authors = {n.created_by_id for n in rows if n.created_by_id}
    names = dict(User.objects.filter(pk__in=authors).values_list("pk", "name")) if authors else {}
    return [notification(n, decrypt_json(sealed[n.pk]), names.get(n.created_by_id)) for n in rows if n.pk in sealed]


def notification(n: Notification, content: dict[str, Any], author: str | None) -> dict[str, Any]:
    """One notification object (public-api §5.1)."""
    template, version = version_of(n.template_id, n.template_version)
    subject, body = rendered(template, version, content.get("personalisation", {}))
    return {
        "id": str(n.pk),
        "reference": n.client_reference,
        "email_address": content["to"] if n.channel == Channel.EMAIL else None,
        "phone_number": content["to"] if n.channel == Channel.SMS else None,
        **_address(n, template, content),
        "type": n.channel,
        "status": status_word(n),
        "template": {
            "id": str(n.template_id),
            "version": n.template_version,
            "uri": url(f"/v2/template/{n.template_id}/version/{n.template_version}"),
        },
        "body": body,
        "subject": subject,
        "created_at": clock.wire(n.created_at),
        "created_by_name": author,
        "sent_at": clock.wire(n.sent_at),
        "completed_at": clock.wire(n.updated_at) if n.state in _COMPLETED else None,
        "scheduled_for": clock.wire(n.scheduled_for),
        "postage": n.postage,
        "one_click_unsubscribe_url": _unsubscribe_url(n, version, content),
        **_cost(n),
        **({"estimated_delivery": _estimated_delivery(n)} if n.channel == Channel.LETTER else {}),
    }


def _address(n: Notification, template: MessageTemplate, content: dict[str, Any]) -> dict[str, str | None]:
    """The address as it was sent, in text; a ready-made PDF has it inside."""
    found: dict[str, str | None] = dict.fromkeys(ADDRESS_FIELDS)
    if n.channel != Channel.LETTER:
        return found
    if template.is_hidden:
        return {**found, "line_1": "Provided as PDF"}
    values = content.get("personalisation", {})
    for name in ADDRESS_FIELDS:
        key = "postcode" if name == "postcode" else f"address_{name}"
        if name == "postcode" and "address_line_7" in values:
            continue
        value = values.get(key)
        found[name] = None if value is None else str(value)
    return found


def _unsubscribe_url(n: Notification, version: TemplateVersion, content: dict[str, Any]) -> str | None:
    if n.channel != Channel.EMAIL:
        return None
    given: str | None = content.get("unsubscribe_url")
    return given or (unsubscribe_post_url(n.pk) if version.has_unsubscribe_link else None)


def _estimated_delivery(n: Notification) -> str | None:
    """The latest day it should arrive: 16:00 in London (template-language §8)."""
    return clock.wire(letter_timings(n.created_at, n.postage or Postage.SECOND).latest)


def _cost(n: Notification) -> dict[str, Any]:
    """What a message cost, as far as it is known (public-api §5.1, Cost)."""
    not_ready = {"is_cost_data_ready": False, "cost_in_pounds": None, "cost_details": {}}
    if n.channel == Channel.EMAIL:
        return {"is_cost_data_ready": True, "cost_in_pounds": 0.0, "cost_details": {}}
    if n.state == Status.CREATED and not n.billable_units:
        return not_ready
    if n.channel == Channel.SMS:
        rate = sms_rate(clock.local_day(n.created_at))
        details = {
            "billable_sms_fragments": n.billable_units,
            "international_rate_multiplier": float(n.rate_multiplier),
            "sms_rate": float(rate),
        }
        cost = float(n.billable_units * n.rate_multiplier * rate)
        return {"is_cost_data_ready": True, "cost_in_pounds": cost, "cost_details": details}
    if n.state == Status.PENDING_VIRUS_CHECK:
        return not_ready
    details = {"billable_sheets_of_paper": n.billable_units, "postage": n.postage}
    cost = 0.0 if n.state in NEVER_SENT else float(n.cost)
    return {"is_cost_data_ready": True, "cost_in_pounds": cost, "cost_details": details}
