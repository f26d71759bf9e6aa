"""anymail's events become rows of the receipt inbox; `messaging.providers.backends.django_email` reads them again."""

import json
from typing import Any

from anymail.signals import AnymailInboundEvent, AnymailTrackingEvent, EventType, RejectReason, inbound, tracking
from django.dispatch import receiver

from messaging.enums import Status
from messaging.providers.actions import receipt_inbox
from messaging.providers.backends.django_email import DjangoEmail
from messaging.providers.enums import InboxKind
from notify.lib import clock

_STATUSES = {
    EventType.DELIVERED: Status.DELIVERED,
    EventType.BOUNCED: Status.PERMANENT_FAILURE,
    EventType.FAILED: Status.PERMANENT_FAILURE,
    EventType.REJECTED: Status.PERMANENT_FAILURE,
    EventType.COMPLAINED: Status.DELIVERED,
}
# A bounce that may pass: the mailbox is full, the server is busy.
_SOFT = {RejectReason.TIMED_OUT, RejectReason.OTHER}
_SOFT_WORDS = ("soft", "transient", "temporary", "undetermined")


@receiver(tracking)
def keep_event(sender: object, event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    """Store what an email service told; what says nothing about delivery (opened, clicked, deferred) is left out."""
    status = _STATUSES.get(event.event_type)
    if status is None:
        return
    suppress = ""
    if event.event_type == EventType.COMPLAINED:
        suppress = "complaint"
    elif event.event_type == EventType.BOUNCED:
        if _is_soft(event):
            status = Status.TEMPORARY_FAILURE
        else:
            suppress = "bounce"
    entry = {
        "id": (event.metadata or {}).get("notification_id"),
        "reference": event.message_id,
        "status": status.label,
        "detail": f"{esp_name}: {event.reject_reason or event.event_type}" if status != Status.DELIVERED else "",
        "at": (event.timestamp or clock.now()).isoformat(),
        "suppress": suppress,
        "complaint": event.event_type == EventType.COMPLAINED,
        # As the service sent it, for people who look into a case.
        "raw": event.esp_event if isinstance(event.esp_event, dict | list | str) else str(event.esp_event),
    }
    receipt_inbox.put(DjangoEmail.name, json.dumps([entry], default=str).encode(), content_type="application/json")


@receiver(inbound)
def keep_email(sender: object, event: AnymailInboundEvent, esp_name: str, **kwargs: Any) -> None:
    """Store an email that came to one of our sending addresses; a worker passes it on to the service's people."""
    message = event.message
    recipients = [message.envelope_recipient] if message.envelope_recipient else [each.addr_spec for each in message.to]
    entry = {
        "to": recipients,
        "from": message.from_email.addr_spec if message.from_email else message.envelope_sender or "",
        "subject": message.subject or "",
        "text": message.text or message.html or "",
        "automatic": (message.get("Auto-Submitted") or "no").lower() != "no",
    }
    receipt_inbox.put(DjangoEmail.name, json.dumps(entry).encode(), content_type="application/json", kind=InboxKind.EMAIL)


def _is_soft(event: AnymailTrackingEvent) -> bool:
    kind = " ".join(
        str(part)
        for part in (
            event.esp_event.get("bounceType", "") if isinstance(event.esp_event, dict) else "",
            event.description or "",
        )
    ).lower()
    code = str(event.mta_response or "").strip()
    return event.reject_reason in _SOFT or any(word in kind for word in _SOFT_WORDS) or code.startswith("4")
