"""Reading received texts: who wrote last, and what was said with one person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from content import render_sms
from messaging.enums import Status
from messaging.inbound.models import InboundNumber, ReceivedText
from messaging.message_templates.queries.templates import content_of, version_of
from messaging.notifications.models import Notification
from messaging.notifications.queries import activity
from services.enums import Channel
from services.models import Service
from services.rules import sms_prefix

PAGE = 50
LONGEST_CONVERSATION = 200
EXPORT_HEADINGS = ["Phone number", "Message", "Received"]
_EXPORT_CHUNK = 1_000
# What spreadsheet programs take for a formula; taken off a person's words altogether (reference: web-ui §13).
_FORMULA_STARTS = "=+-@\t\r"


def within_retention(service: Service) -> QuerySet[ReceivedText]:
    """A service's received texts, as long as it keeps texts, the latest first."""
    return ReceivedText.objects.readable(service).order_by("-id")


def latest_of_each(service: Service, *, before: UUID | None = None) -> list[ReceivedText]:
    """The last text of each person, and one row more when there is another page."""
    newer = ReceivedText.objects.filter(service=service, user_hash=OuterRef("user_hash"), pk__gt=OuterRef("pk"))
    found = within_retention(service).filter(~Exists(newer))
    if before:
        found = found.filter(pk__lt=before)
    return list(found[: PAGE + 1])


def number_of(service: Service) -> str | None:
    """The number people text."""
    return InboundNumber.objects.filter(service=service, is_active=True).values_list("number", flat=True).first()


@dataclass(frozen=True, slots=True)
class Correspondent:
    """Somebody a service exchanges texts with."""

    number: str
    hash: bytes


def person_of(service: Service, item_id: UUID) -> Correspondent | None:
    """Who is on the other side of a received text or of a text the service sent."""
    text = within_retention(service).filter(pk=item_id).first()
    if text is not None:
        return Correspondent(str(text.user_number), bytes(text.user_hash))
    sent = activity.find(service, item_id)
    if sent is None or sent.channel != Channel.SMS or sent.recipient_hash is None:
        return None
    content = activity.opened([sent]).get(sent.pk, {})
    return Correspondent(str(content.get("normalised", "")).lstrip("+"), bytes(sent.recipient_hash))


def number_to_answer(person: Correspondent) -> str:
    """The number to answer to; "" where the sender was a name or a short code."""
    return f"+{person.number}" if person.number.isdigit() else ""


@dataclass(frozen=True, slots=True)
class ConversationLine:
    """One text of a conversation."""

    at: datetime
    text: str
    is_ours: bool
    id: UUID
    status: str = ""
    is_failure: bool = False


def conversation(service: Service, person: Correspondent) -> list[ConversationLine]:
    """What was said with one person, the oldest first; the latest two hundred of each side."""
    received = within_retention(service).filter(user_hash=person.hash)[:LONGEST_CONVERSATION]
    lines = [ConversationLine(at=text.created_at, text=str(text.content), is_ours=False, id=text.pk) for text in received]
    sent = list(
        activity.within_retention(service, Channel.SMS)
        .filter(recipient_hash=person.hash)
        .exclude(status=Status.CANCELLED)[:LONGEST_CONVERSATION]
    )
    contents = activity.opened(sent)
    lines += [_ours(service, notification, contents.get(notification.pk, {})) for notification in sent]
    return sorted(lines, key=lambda line: (line.at, line.id))


def _ours(service: Service, notification: Notification, content: dict[str, Any]) -> ConversationLine:
    template, version = version_of(notification.template_id, notification.template_version)
    rendered = render_sms(content_of(template, version), content.get("personalisation", {}), prefix=sms_prefix(service))
    return ConversationLine(
        at=notification.created_at,
        text=rendered.text,
        is_ours=True,
        id=notification.pk,
        status=activity.status_label(notification),
        is_failure=notification.state in activity.GROUPS["failed"],
    )


def export(service: Service) -> Iterator[list[Any]]:
    """Every received text, the latest first, in chunks by key."""
    yield EXPORT_HEADINGS
    found = within_retention(service)
    before: UUID | None = None
    while True:
        chunk = list((found.filter(pk__lt=before) if before else found)[:_EXPORT_CHUNK])
        for text in chunk:
            received = f"{timezone.localtime(text.created_at):%Y-%m-%d %H:%M:%S}"
            yield [str(text.user_number), str(text.content).lstrip(_FORMULA_STARTS), received]
        if len(chunk) < _EXPORT_CHUNK:
            return
        before = chunk[-1].pk
