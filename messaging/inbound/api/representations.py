"""Received texts in the shape of the wire contract (public-api §7)."""

from typing import Any

from messaging.inbound.models import ReceivedText
from notify.lib import clock


def received_text(text: ReceivedText) -> dict[str, Any]:
    """A text somebody sent us: these six keys and no other (public-api §7)."""
    return {
        "id": str(text.pk),
        "created_at": clock.wire(text.created_at),
        "service_id": str(text.service_id),
        "notify_number": text.notify_number,
        "user_number": text.user_number,
        "content": text.content,
    }
