"""What the API tells of a stored message beyond its row (public-api §5.1)."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from accounts.models import User
from content import letter_timings
from messaging.enums import Postage, Status
from messaging.message_templates.api.serializers import Rendered
from messaging.message_templates.models import TemplateVersion
from messaging.message_templates.queries.templates import version_of
from messaging.notifications.links.unsubscribe import unsubscribe_post_url
from messaging.notifications.models import Notification, NotificationContent
from messaging.notifications.queries.pricing import sms_rate
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


@dataclass(frozen=True, slots=True)
class Cost:
    """What a message cost, as far as it is known (public-api §5.1, Cost)."""

    ready: bool = False
    pounds: float | None = None
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Message:
    """A stored message with its opened content and the name of the person who sent it."""

    row: Notification
    content: dict[str, Any]
    author: str | None

    @cached_property
    def version(self) -> TemplateVersion:
        return version_of(self.row.template_id, self.row.template_version)[1]

    @cached_property
    def rendered(self) -> Rendered:
        return Rendered(self.version, self.content.get("personalisation", {}))

    @property
    def status(self) -> str:
        """The status in the words of its channel."""
        state = self.row.state
        if self.row.channel == Channel.LETTER and state in _LETTER_WORDS:
            return _LETTER_WORDS[state]
        return state.label

    @property
    def completed_at(self) -> datetime | None:
        return self.row.updated_at if self.row.state in _COMPLETED else None

    @cached_property
    def address(self) -> SimpleNamespace:
        return SimpleNamespace(**self._address())

    def _address(self) -> dict[str, str | None]:
        """The address as it was sent, in text; a ready-made PDF has it inside."""
        found: dict[str, str | None] = dict.fromkeys(ADDRESS_FIELDS)
        if self.row.channel != Channel.LETTER:
            return found
        if self.version.template.is_hidden:
            return {**found, "line_1": "Provided as PDF"}
        values = self.content.get("personalisation", {})
        for name in ADDRESS_FIELDS:
            if name == "postcode" and "address_line_7" in values:
                continue
            value = values.get("postcode" if name == "postcode" else f"address_{name}")
            found[name] = None if value is None else str(value)
        return found

    @property
    def unsubscribe_url(self) -> str | None:
        if self.row.channel != Channel.EMAIL:
            return None
        own = unsubscribe_post_url(self.row.pk) if self.version.has_unsubscribe_link else None
        return self.content.get("unsubscribe_url") or own

    @property
    def estimated_delivery(self) -> datetime:
        """The latest day a letter should arrive: 16:00 in London (template-language §8)."""
        return letter_timings(self.row.created_at, self.row.postage or Postage.SECOND).latest

    @cached_property
    def cost(self) -> Cost:
        row = self.row
        if row.channel == Channel.EMAIL:
            return Cost(ready=True, pounds=0.0)
        if row.state == Status.PENDING_VIRUS_CHECK or (row.state == Status.CREATED and not row.billable_units):
            return Cost()
        if row.channel == Channel.SMS:
            rate = sms_rate(clock.local_day(row.created_at))
            fragments = {
                "billable_sms_fragments": row.billable_units,
                "international_rate_multiplier": float(row.rate_multiplier),
                "sms_rate": float(rate),
            }
            return Cost(ready=True, pounds=float(row.billable_units * row.rate_multiplier * rate), details=fragments)
        details = {"billable_sheets_of_paper": row.billable_units, "postage": row.postage}
        return Cost(ready=True, pounds=0.0 if row.state in NEVER_SENT else float(row.cost), details=details)


def messages(rows: list[Notification]) -> list[Message]:
    """Messages for a page: contents and names are fetched once for all. Rows without content are left out."""
    sealed = dict(NotificationContent.objects.filter(pk__in=[n.pk for n in rows]).values_list("pk", "sealed"))
    authors = {n.created_by_id for n in rows if n.created_by_id}
    names: dict[UUID | None, str] = dict(User.objects.filter(pk__in=authors).values_list("pk", "name")) if authors else {}
    return [Message(n, decrypt_json(sealed[n.pk]), names.get(n.created_by_id)) for n in rows if n.pk in sealed]
