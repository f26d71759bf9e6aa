"""What callbacks say, in the shapes of the contract (reference: public-api §12.2 to §12.4)."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from messaging.inbound.models import ReceivedText
from messaging.letters.models import ReturnedLetter
from messaging.message_templates.models import MessageTemplate
from messaging.notifications.actions.status import StatusChange
from messaging.notifications.models import Notification
from messaging.notifications.queries.activity import job_file_names
from notify.lib import clock


def delivery_status(change: StatusChange, to: str) -> dict[str, Any]:
    """A message reached its end."""
    return {
        "id": str(change.notification_id),
        "reference": change.client_reference,
        "to": to,
        "status": change.new.label,
        "created_at": clock.wire(change.created_at),
        "completed_at": clock.wire(change.updated_at),
        "sent_at": clock.wire(change.sent_at),
        "notification_type": change.channel,
        "template_id": str(change.template_id),
        "template_version": change.template_version,
    }


def received_text(text: ReceivedText) -> dict[str, Any]:
    """Somebody sent the service a text."""
    return {
        "id": str(text.pk),
        "source_number": text.user_number,
        "destination_number": text.notify_number,
        "message": text.content,
        "date_received": clock.wire(text.provider_date or text.created_at),
    }


def returned_letters(letters: Sequence[ReturnedLetter]) -> dict[UUID, dict[str, Any]]:
    """Letters that came back, by the notification's id; one that has been forgotten is left out."""
    ids = [letter.notification_id for letter in letters]
    notifications = {n.pk: n for n in Notification.objects.filter(pk__in=ids).select_related("created_by")}
    files = job_file_names(notifications.values())
    templates = MessageTemplate.objects.in_bulk({n.template_id for n in notifications.values() if n.template_id})
    return {
        n.pk: _returned_letter(n, templates.get(n.template_id), files.get(n.job_id) if n.job_id else None)
        for n in notifications.values()
    }


def _returned_letter(letter: Notification, template: MessageTemplate | None, file_name: str | None) -> dict[str, Any]:
    precompiled = template is None or template.is_hidden
    return {
        "notification_id": str(letter.pk),
        "reference": letter.client_reference if letter.api_key_id else None,
        "date_sent": clock.wire(letter.created_at),
        "sent_by": letter.created_by.email if letter.created_by else "API",
        "template_name": None if precompiled or template is None else template.name,
        "template_id": None if precompiled else str(letter.template_id),
        "template_version": None if precompiled else letter.template_version,
        "spreadsheet_file_name": file_name,
        # The heading is row 1 of a spreadsheet.
        "spreadsheet_row_number": None if letter.job_row is None else letter.job_row + 2,
        "upload_letter_file_name": letter.client_reference if precompiled and not letter.api_key_id else None,
    }


def encode(payload: dict[str, Any]) -> bytes:
    """The body on the wire: ASCII JSON with the separators that receivers have always got."""
    return json.dumps(payload).encode("ascii")
