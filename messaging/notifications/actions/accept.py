"""Taking one message in: every check in the order of the public API (reference: public-api §4.1), then one write."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from content import is_body_empty, missing_values, render_body_source, render_sms, render_subject
from messaging.message_templates.models import MessageTemplate, TemplateVersion
from messaging.message_templates.queries.templates import content_of
from messaging.notifications.actions import quota
from messaging.notifications.actions.store import NewMessage, store
from messaging.notifications.actions.store_one import store_one
from messaging.notifications.constants import DISPATCH
from messaging.notifications.enums import Lane
from messaging.notifications.queries.senders import email_reply_to, sms_sender
from messaging.notifications.recipients import Recipient, read_recipient
from messaging.notifications.refusals import MessageRefused, over_daily_limit
from messaging.notifications.rules import (
    check_channel,
    check_international,
    check_recipient_allowed,
    check_suppression,
    is_simulated,
    suppressed_recipient,
)
from notify.lib import clock
from notify.lib.ids import uuid7
from notify.lib.wakeup import wake_on_commit
from services.enums import Channel, KeyType
from services.models import Service
from services.rules import daily_limit, sms_prefix

# reference: public-api §11.3
MAX_EMAIL_BYTES = 2_000_000
MAX_SMS_CHARACTERS = 918

Personalisation = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MessageRequest:
    """A text or an email that somebody wants sent. Letters have their own way in (messaging.letters.actions.accept)."""

    service: Service
    template: MessageTemplate
    version: TemplateVersion
    channel: str
    recipient: str
    personalisation: Personalisation
    key_type: str = KeyType.NORMAL
    api_key_id: UUID | None = None
    by_id: UUID | None = None
    reference: str | None = None
    sms_sender_id: UUID | None = None
    email_reply_to_id: UUID | None = None
    unsubscribe_url: str | None = None
    scheduled_for: datetime | None = None
    # The web sends in trial mode to the team alone; keys reach the guest list too.
    guest_list: bool = True
    # Turns file objects into links, at the step where the contract does it.
    attach_files: Callable[[Personalisation, Recipient], Personalisation] | None = None
    # Values that are Markdown whatever the template says: the API made them harmless by escaping (public-api §4.4).
    formatted: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that is in: stored and queued, or only pretended for a simulated recipient."""

    id: UUID
    created_at: datetime
    body: str
    subject: str | None
    sender: str
    simulated: bool
    left_today: int | None
    scheduled_for: datetime | None


@dataclass(frozen=True, slots=True)
class Checked:
    """A request that passed every check, with its files stored: all that is left is to write it."""

    request: MessageRequest
    recipient: Recipient
    sender: str
    body: str
    subject: str | None


def accept(request: MessageRequest) -> Accepted:
    """Check, store and queue one text or email; returns after the row is in, or joins the caller's transaction.

    Refuses with MessageRefused, which carries the API's error class and status code; nothing is stored then, and nothing
    is taken off the day's allowance.
    """
    checked = check_request(request)
    simulated = is_simulated(checked.recipient)
    notification_id = uuid7()
    created_at = clock.now()
    left = None if simulated else _store(checked, notification_id, created_at)
    return Accepted(
        id=notification_id,
        created_at=created_at,
        body=checked.body,
        subject=checked.subject,
        sender=checked.sender,
        simulated=simulated,
        left_today=left,
        scheduled_for=request.scheduled_for,
    )


def check_request(request: MessageRequest, *, suppressed: Collection[bytes] | None = None) -> Checked:
    """Every check, in the contract's order, nothing written but files. Refuses with MessageRefused.

    A batch looks up who is suppressed once and passes their hashes.
    """
    _check_service(request.service)
    check_channel(request.service, request.channel)
    check_template(request.template, request.version, request.channel, request.personalisation)
    sender = _sender(request)
    recipient = read_recipient(request.channel, request.recipient)
    check_recipient_allowed(request.service, recipient, request.key_type, guest_list=request.guest_list)
    check_international(request.service, recipient)
    if suppressed is None:
        check_suppression(request.service, recipient)
    elif recipient.hash in suppressed:
        raise suppressed_recipient()
    if request.attach_files is not None:
        request = _with_files(request, recipient, request.attach_files)
    body, subject = _rendered(request)
    return Checked(request, recipient, sender, body, subject)


def _with_files(
    request: MessageRequest, recipient: Recipient, attach: Callable[[Personalisation, Recipient], Personalisation]
) -> MessageRequest:
    """Files become links, and the links are ours: they may be links in the email too, unlike other values."""
    before = request.personalisation
    after = attach(before, recipient)
    linked = [name for name, value in after.items() if isinstance(value, str) and isinstance(before.get(name), dict)]
    return replace(request, personalisation=after, formatted=[*request.formatted, *linked])


def check_template(template: MessageTemplate, version: TemplateVersion, channel: str, personalisation: Personalisation) -> None:
    """Refuse a template of another channel, an archived one, missing values and an empty message, in this order."""
    if template.channel != channel:
        raise MessageRefused(f"{template.channel} template is not suitable for {channel} notification", code="template_channel")
    if template.archived_at is not None:
        raise MessageRefused("Template has been deleted", code="template_archived")
    content = content_of(template, version)
    if missing := missing_values(content, personalisation):
        raise MessageRefused(f"Missing personalisation: {', '.join(missing)}", code="missing_personalisation")
    if is_body_empty(content, personalisation):
        raise MessageRefused("Your message is empty.", code="empty")
    if channel != Channel.EMAIL and any(isinstance(v, dict) and "file" in v for v in personalisation.values()):
        raise MessageRefused("Can only send a file by email", code="file_channel")


def _check_service(service: Service) -> None:
    if service.suspended_at is not None:
        raise MessageRefused(
            "Service is suspended and cannot send messages", code="suspended", error="BadRequestError", status_code=403
        )


def _sender(request: MessageRequest) -> str:
    """The text sender's name, or the id of the reply-to address as text ("" for none)."""
    service = request.service
    if request.channel == Channel.SMS:
        return sms_sender(service, request.sms_sender_id)
    return email_reply_to(service, request.email_reply_to_id)


def _rendered(request: MessageRequest) -> tuple[str, str | None]:
    """The words as the API shows them; refuses what is too long."""
    content = content_of(request.template, request.version)
    formatted = request.version.formatted_placeholders
    if request.channel == Channel.SMS:
        sms = render_sms(content, request.personalisation, prefix=sms_prefix(request.service), formatted=formatted)
        if sms.empty:
            raise MessageRefused("Your message is empty.", code="empty")
        if sms.too_long:
            raise MessageRefused(
                f"Your message is too long. Text messages cannot be longer than {MAX_SMS_CHARACTERS} characters. "
                f"Your message is {sms.characters_without_prefix} characters long.",
                code="too_long",
            )
        return sms.body, None
    body = render_body_source(content, request.personalisation)
    if (size := len(body.encode())) > MAX_EMAIL_BYTES:
        raise MessageRefused(
            f"Your message is too long. Emails cannot be longer than {MAX_EMAIL_BYTES} bytes. Your message is {size} bytes.",
            code="too_long",
        )
    return body, render_subject(content, request.personalisation)


def _store(checked: Checked, notification_id: UUID, created_at: datetime) -> int | None:
    request = checked.request
    message = new_message(checked, notification_id, created_at, lane=lane_for(request.template, request.key_type))
    left = _store_abroad(message, request) if checked.recipient.counts_as_international else _store_one(message, request)
    if request.scheduled_for is None:
        wake_on_commit(DISPATCH)
    return left


def _store_one(message: NewMessage, request: MessageRequest) -> int | None:
    """Message and allowance in one statement, which is what a busy platform does all day."""
    if request.key_type == KeyType.TEST:
        store_one(message, limit=None)
        return None
    limit = daily_limit(request.service, request.channel, key_type=request.key_type)
    used = store_one(message, limit=limit)
    if used is None:
        raise over_daily_limit(request.channel, limit)
    return limit - used


def _store_abroad(message: NewMessage, request: MessageRequest) -> int | None:
    """Texts abroad count twice: as texts, and as texts abroad."""
    with transaction.atomic():
        store([message])
        return quota.reserve(request.service, request.channel, 1, key_type=request.key_type, international=1)


def new_message(checked: Checked, notification_id: UUID, created_at: datetime, *, lane: Lane) -> NewMessage:
    """The row to store for a request that passed the checks."""
    request, recipient = checked.request, checked.recipient
    return NewMessage(
        id=notification_id,
        service_id=request.service.pk,
        template_id=request.template.pk,
        template_version=request.version.number,
        channel=request.channel,
        created_at=created_at,
        key_type=request.key_type,
        lane=lane,
        recipient_hash=recipient.hash,
        api_key_id=request.api_key_id,
        created_by_id=request.by_id,
        client_reference=request.reference,
        international=recipient.international,
        rate_multiplier=recipient.rate_multiplier,
        scheduled_for=request.scheduled_for,
        content=sealed_content(recipient, request.personalisation, checked.sender, request.unsubscribe_url, request.formatted),
    )


def lane_for(template: MessageTemplate, key_type: str) -> Lane:
    """Which lane a single message takes; spreadsheets and bulk requests take Lane.BULK."""
    if key_type == KeyType.TEST:
        return Lane.TEST
    return Lane.URGENT if template.is_urgent else Lane.NORMAL


def sealed_content(
    recipient: Recipient,
    personalisation: Personalisation,
    sender: str,
    unsubscribe_url: str | None = None,
    formatted: Sequence[str] = (),
) -> dict[str, Any]:
    """What NotificationContent seals. `to` is as it was sent, `number` or `address` what the provider gets."""
    content: dict[str, Any] = {
        "to": recipient.raw,
        "normalised": recipient.normalised,
        "personalisation": dict(personalisation),
        "sender": sender,
    }
    if unsubscribe_url:
        content["unsubscribe_url"] = unsubscribe_url
    if formatted:
        content["formatted"] = list(formatted)
    return content


def email_address_of(service: Service) -> str:
    """The address a service's emails come from."""
    return f"{service.email_sender_local_part or service.normalised_name}@{settings.EMAIL_DOMAIN}"
