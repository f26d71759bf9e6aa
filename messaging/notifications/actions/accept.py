"""Taking one message in: every check in the order of the public API (reference: public-api §4.1), then one write."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from messaging.message_templates.models import MessageTemplate, TemplateVersion
from messaging.notifications.actions import quota
from messaging.notifications.actions.checks import (
    MessageRequest,
    Personalisation,
    SendContext,
    Wording,
    check_batch,
    check_message,
)
from messaging.notifications.actions.store import NewMessage, store
from messaging.notifications.actions.store_one import store_one
from messaging.notifications.constants import DISPATCH
from messaging.notifications.enums import Lane
from messaging.notifications.refusals import over_daily_limit
from messaging.notifications.rules.recipients import Recipient
from messaging.notifications.rules.sending import is_simulated
from notify.lib import clock
from notify.lib.ids import uuid7
from notify.lib.wakeup import wake_on_commit
from services.enums import KeyType
from services.models import Service
from services.rules import daily_limit


@dataclass(frozen=True, slots=True)
class AcceptedMessage:
    """A message that is in: stored and queued, or only pretended for a simulated recipient."""

    id: UUID
    created_at: datetime
    request: MessageRequest
    wording: Wording
    body: str
    subject: str | None
    sender: str
    simulated: bool
    left_today: int | None

    @property
    def version(self) -> TemplateVersion:
        return self.wording[1]


def accept(request: MessageRequest) -> AcceptedMessage:
    """Check, store and queue one text or email; returns after the row is in, or joins the caller's transaction.

    Refuses with MessageRefused or TemplateNotFound; nothing is stored then, and nothing is taken off the day's allowance.
    """
    context = SendContext(request)
    check_batch(context)
    check_message(context)
    simulated = is_simulated(context.recipient)
    notification_id = uuid7()
    created_at = clock.now()
    left = None if simulated else _store(context, notification_id, created_at)
    body, subject = context.rendered
    return AcceptedMessage(
        id=notification_id,
        created_at=created_at,
        request=request,
        wording=context.wording,
        body=body,
        subject=subject,
        sender=context.sender,
        simulated=simulated,
        left_today=left,
    )


def preview(request: MessageRequest) -> SendContext:
    """What would be sent, nothing written. Refuses whatever `accept` would refuse now, the day's limits included."""
    context = SendContext(request)
    check_batch(context)
    check_message(context)
    quota.check_left_today(request.service, request.channel, key_type=request.key_type)
    if context.recipient.counts_as_international:
        quota.check_left_today(request.service, quota.INTERNATIONAL, key_type=request.key_type)
    return context


def _store(context: SendContext, notification_id: UUID, created_at: datetime) -> int | None:
    request = context.request
    message = new_message(context, notification_id, created_at, lane=lane_for(context.template, request.key_type))
    left = _store_abroad(message, request) if context.recipient.counts_as_international else _store_one(message, request)
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


def new_message(context: SendContext, notification_id: UUID, created_at: datetime, *, lane: Lane) -> NewMessage:
    """The row to store for a request that passed the checks."""
    request, recipient, (template, version) = context.request, context.recipient, context.wording
    return NewMessage(
        id=notification_id,
        service_id=request.service.pk,
        template_id=template.pk,
        template_version=version.number,
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
        content=sealed_content(recipient, context.personalisation, context.sender, request.unsubscribe_url, context.formatted),
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
