"""Reading sent messages: pages by key, search by hash, exports in a stream."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from content import InvalidRecipient, parse_email_address
from messaging.enums import Status
from messaging.message_templates.models import MessageTemplate
from messaging.notifications import slots
from messaging.notifications.models import DeliveryAttempt, Notification, NotificationContent
from messaging.notifications.rules.recipients import phone_recipient, recipient_hash
from notify.lib.crypto import decrypt_json
from services.enums import Channel, KeyType
from services.models import ApiKey, Service

PAGE = 50
EXPORT_CHUNK = 2_000

# reference: web-ui §6.2, "Status groups"
STATUS_GROUPS = {"": "All", "sending": "On their way", "delivered": "Delivered", "failed": "Failed"}
GROUPS = {
    "sending": [Status.PENDING_VIRUS_CHECK, Status.CREATED, Status.SENDING, Status.PENDING],
    "delivered": [Status.DELIVERED, Status.SENT, Status.RETURNED_LETTER],
    "failed": [
        Status.TEMPORARY_FAILURE,
        Status.PERMANENT_FAILURE,
        Status.TECHNICAL_FAILURE,
        Status.VALIDATION_FAILED,
        Status.VIRUS_SCAN_FAILED,
    ],
}

# What a status means to people, by channel where it differs.
_WORDS = {
    Status.PENDING_VIRUS_CHECK: "Checking",
    Status.CREATED: "Waiting to be sent",
    Status.SENDING: "Sent, waiting for news",
    Status.SENT: "Sent to another country",
    Status.PENDING: "Sent, the phone is not reachable yet",
    Status.DELIVERED: "Delivered",
    Status.TEMPORARY_FAILURE: "Not delivered: phone off, no signal or mailbox full",
    Status.PERMANENT_FAILURE: "Not delivered: no such number or address",
    Status.TECHNICAL_FAILURE: "Technical failure: it was not sent",
    Status.CANCELLED: "Cancelled",
    Status.VALIDATION_FAILED: "Could not be sent as it is",
    Status.VIRUS_SCAN_FAILED: "The file contains a virus",
    Status.RETURNED_LETTER: "Returned by the post office",
}
_LETTER_WORDS = {
    Status.CREATED: "Waiting to be printed",
    Status.SENDING: "With the printer",
    Status.DELIVERED: "Printed and posted",
}


def status_label(notification: Notification) -> str:
    """Where a message stands, in words for people."""
    state = notification.state
    if notification.channel == Channel.LETTER and state in _LETTER_WORDS:
        return _LETTER_WORDS[state]
    return _WORDS[state]


@dataclass(frozen=True)
class NotificationRow:
    """One line of the list."""

    notification: Notification
    recipient: str
    template_name: str
    status: str
    is_failure: bool


@dataclass(frozen=True)
class NotificationPage:
    rows: list[NotificationRow]
    next_key: UUID | None


def within_retention(service: Service, channel: str | None) -> QuerySet[Notification]:
    """A service's messages that people may still see; test keys' messages are not shown on pages."""
    return Notification.objects.readable(service, channel).exclude(key_type=KeyType.TEST).order_by("-id")


def page(
    service: Service,
    *,
    channel: str | None = None,
    group: str = "",
    search: str | None = None,
    before: UUID | None = None,
    job_id: UUID | None = None,
) -> NotificationPage:
    """A page of messages, the latest first; `search` is a recipient or a reference in full."""
    found = within_retention(service, channel)
    if group:
        found = found.filter(status__in=GROUPS[group])
    if search:
        found = found.filter(_matches(search))
    if job_id:
        found = found.filter(job_id=job_id)
    if before:
        found = found.filter(id__lt=before)
    listed = list(found[: PAGE + 1])
    return NotificationPage(rows(listed[:PAGE]), listed[PAGE - 1].pk if len(listed) > PAGE else None)


def _matches(term: str) -> Q:
    """Messages to this person, or with this reference."""
    wanted = Q(client_reference=term)
    with suppress(InvalidRecipient):
        wanted |= Q(recipient_hash=recipient_hash(phone_recipient(term).normalised))
    with suppress(InvalidRecipient):
        wanted |= Q(recipient_hash=recipient_hash(parse_email_address(term).lower()))
    return wanted


def rows(notifications: list[Notification]) -> list[NotificationRow]:
    """Messages with their recipients and templates: two queries more, however many there are."""
    contents = opened(notifications)
    names = dict(MessageTemplate.objects.filter(pk__in={n.template_id for n in notifications}).values_list("pk", "name"))
    return [
        NotificationRow(
            notification=n,
            recipient=recipient_of(contents.get(n.pk, {})),
            template_name=names.get(n.template_id, ""),
            status=status_label(n),
            is_failure=n.state in GROUPS["failed"],
        )
        for n in notifications
    ]


def opened(notifications: Iterable[Notification]) -> dict[UUID, dict[str, Any]]:
    """What messages say and to whom, unsealed."""
    found = NotificationContent.objects.filter(pk__in=[n.pk for n in notifications])
    return {content.pk: decrypt_json(content.sealed) for content in found}


def recipient_of(content: dict[str, Any]) -> str:
    """Whom a message is for, as it was typed; a letter's address in one line."""
    if address := content.get("address"):
        return ", ".join(address) if isinstance(address, list) else str(address)
    return str(content.get("to") or "")


def find(service: Service, notification_id: UUID) -> Notification | None:
    """One message of a service, unless it is past its retention."""
    return Notification.objects.readable(service).filter(pk=notification_id).select_related("created_by").first()


@dataclass(frozen=True)
class TimelineEntry:
    """Something that happened to a message."""

    at: datetime
    text: str


def timeline(notification: Notification) -> list[TimelineEntry]:
    """From being accepted to where it stands now, and what the service's own systems were told, the oldest first."""
    found = [TimelineEntry(notification.created_at, _accepted_words(notification))]
    if notification.scheduled_for:
        planned = timezone.localtime(notification.scheduled_for)
        found.append(TimelineEntry(notification.created_at, f"Scheduled for {planned:%d %B at %H:%M}"))
    attempts = DeliveryAttempt.objects.filter(notification_id=notification.pk).order_by("id")
    found += [TimelineEntry(attempt.started_at, _attempt_words(attempt)) for attempt in attempts]
    if notification.updated_at and notification.state not in (Status.SENDING, Status.CREATED):
        detail = f" ({notification.status_detail})" if notification.status_detail else ""
        found.append(TimelineEntry(notification.updated_at, status_label(notification) + detail))
    for source in slots.timeline_entries:
        found += source(notification)
    return sorted(found, key=lambda moment: moment.at)


def _accepted_words(notification: Notification) -> str:
    if notification.created_by_id and notification.created_by:
        return f"Sent by {notification.created_by}"
    if notification.api_key_id:
        return "Accepted from your system by API"
    return "Accepted"


def _attempt_words(attempt: DeliveryAttempt) -> str:
    words = {
        DeliveryAttempt.Outcome.ACCEPTED: "Handed over to the provider",
        DeliveryAttempt.Outcome.NOT_SENT: "The provider could not take it; we try again",
        DeliveryAttempt.Outcome.REJECTED: "The provider refused it",
        DeliveryAttempt.Outcome.UNKNOWN: "The provider did not answer; we wait for news before trying again",
        DeliveryAttempt.Outcome.OPEN: "Being handed over",
    }
    detail = f": {attempt.detail}" if attempt.detail else ""
    return words[DeliveryAttempt.Outcome(attempt.outcome)] + detail


EXPORT_HEADINGS = [
    "Recipient",
    "Reference",
    "Template",
    "Type",
    "Sent by",
    "Sent by email",
    "Job",
    "Status",
    "Time",
    "API key name",
]


def export(service: Service, *, channel: str | None = None, group: str = "", job_id: UUID | None = None) -> Iterator[list[Any]]:
    """Every matching message as lines of a file, in chunks by key: memory stays the same at any size."""
    yield EXPORT_HEADINGS
    before: UUID | None = None
    while True:
        found = within_retention(service, channel)
        if group:
            found = found.filter(status__in=GROUPS[group])
        if job_id:
            found = found.filter(job_id=job_id)
        if before:
            found = found.filter(id__lt=before)
        chunk = list(found[:EXPORT_CHUNK])
        yield from _lines(chunk)
        if len(chunk) < EXPORT_CHUNK:
            return
        before = chunk[-1].pk


def job_file_names(notifications: Iterable[Notification]) -> dict[UUID, str]:
    """What the spreadsheets of these messages were called, by the id of the job."""
    ids = {n.job_id for n in notifications if n.job_id}
    return {key: name for names in slots.job_file_names for key, name in names(ids).items()} if ids else {}


def _lines(chunk: list[Notification]) -> Iterator[list[Any]]:
    people = User.objects.in_bulk({n.created_by_id for n in chunk if n.created_by_id})
    files = job_file_names(chunk)
    keys = dict(ApiKey.objects.filter(pk__in={n.api_key_id for n in chunk}).values_list("pk", "name"))
    for row in rows(chunk):
        n = row.notification
        yield [
            row.recipient,
            n.client_reference or "",
            row.template_name,
            n.get_channel_display(),
            people[n.created_by_id].name if n.created_by_id in people else "",
            people[n.created_by_id].email if n.created_by_id in people else "",
            files.get(n.job_id, "") if n.job_id else "",
            row.status,
            f"{timezone.localtime(n.created_at):%Y-%m-%d %H:%M:%S}",
            keys.get(n.api_key_id, "") if n.api_key_id else "",
        ]


def export_job(service: Service, *, job_id: UUID, file_name: str, group: str = "") -> Iterator[list[Any]]:
    """Every row of a job with its values and what became of it, in the order of the file."""
    names: list[str] | None = None
    after = -1
    while True:
        found = Notification.objects.filter(service_id=service.pk, job_id=job_id, job_row__gt=after).order_by("job_row")
        if group:
            found = found.filter(status__in=GROUPS[group])
        chunk = list(found[:EXPORT_CHUNK])
        contents = opened(chunk)
        if names is None:
            names = sorted({key for content in contents.values() for key in content.get("personalisation", {})})
            yield ["Row number", "Recipient", *names, "Template", "Type", "Job", "Status", "Time"]
        for row in rows(chunk):
            n = row.notification
            values = contents.get(n.pk, {}).get("personalisation", {})
            yield [
                (n.job_row or 0) + 2,
                row.recipient,
                *[values.get(name) for name in names],
                row.template_name,
                n.get_channel_display(),
                file_name,
                row.status,
                f"{timezone.localtime(n.updated_at or n.created_at):%Y-%m-%d %H:%M:%S}",
            ]
        if len(chunk) < EXPORT_CHUNK:
            return
        after = chunk[-1].job_row or 0
