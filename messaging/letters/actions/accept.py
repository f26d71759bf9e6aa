"""Taking one letter in, from a template or ready-made, and giving its PDF back (reference: public-api §4.6, §4.7, §5.4)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from content import PostalAddress, long_qr
from messaging.enums import Postage, Status
from messaging.letters import storage
from messaging.letters.actions.compose import letter_pdf as composed_pdf
from messaging.message_templates.models import MessageTemplate, TemplateVersion
from messaging.message_templates.queries.templates import content_of
from messaging.notifications.actions import quota
from messaging.notifications.actions.accept import Personalisation, check_template, lane_for
from messaging.notifications.actions.store import NewMessage, store
from messaging.notifications.constants import DISPATCH
from messaging.notifications.models import Notification, NotificationContent
from messaging.notifications.recipients import recipient_hash
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.rules import check_channel
from notify.lib import clock
from notify.lib.crypto import decrypt_json
from notify.lib.ids import uuid7
from notify.lib.short_cache import cached
from notify.lib.wakeup import wake_on_commit
from services.enums import Channel, KeyType, ServicePermission
from services.models import Service

PRECOMPILED_NAME = "Pre-compiled PDF"
_FORCED_POSTAGE = {"europe": Postage.EUROPE, "rest-of-world": Postage.REST_OF_WORLD}


@dataclass(frozen=True, slots=True)
class LetterRequest:
    """A letter somebody wants sent from a template. The address is in the personalisation."""

    service: Service
    template: MessageTemplate
    version: TemplateVersion
    personalisation: Personalisation
    key_type: str = KeyType.NORMAL
    api_key_id: UUID | None = None
    by_id: UUID | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class PrecompiledRequest:
    """A letter that comes as a PDF."""

    service: Service
    pdf: bytes = field(repr=False)
    reference: str | None
    postage: str = Postage.SECOND
    key_type: str = KeyType.NORMAL
    api_key_id: UUID | None = None
    by_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AcceptedLetter:
    """A letter that is in."""

    id: UUID
    created_at: datetime
    postage: str
    left_today: int | None


def check_may_send_letters(service: Service, key_type: str) -> None:
    """Letters cost money and reach anybody, so team keys and services in trial mode send none; test keys may."""
    if key_type == KeyType.TEAM:
        raise MessageRefused("Cannot send letters with a team api key", code="team_letter", status_code=403)
    if key_type != KeyType.TEST and not service.is_live:
        raise MessageRefused("Cannot send letters when service is in trial mode", code="trial_letter", status_code=403)


def accept_letter(request: LetterRequest) -> AcceptedLetter:
    """Check, store and queue one letter; its postage is the template's, or what an address abroad needs.

    Refuses with MessageRefused in the order of the contract; nothing is stored then.
    """
    service, template, version = request.service, request.template, request.version
    check_channel(service, Channel.LETTER)
    _check_qr(template, version, request.personalisation)
    check_template(template, version, Channel.LETTER, request.personalisation)
    check_may_send_letters(service, request.key_type)
    address = read_address(service, request.personalisation)
    message = _message(
        request,
        template,
        version.number,
        postage=_FORCED_POSTAGE.get(address.zone) or version.postage or Postage.SECOND,
        recipient_hash=recipient_hash("\n".join(address.lines).lower()),
        international=address.is_international,
        content={
            "to": "\n".join(address.lines),
            "normalised": "\n".join(address.lines),
            "address": list(address.lines),
            "personalisation": dict(request.personalisation),
            "sender": "",
        },
    )
    return _store(request, message)


def accept_precompiled(request: PrecompiledRequest) -> AcceptedLetter:
    """Store and queue a ready-made letter; its file is checked when its turn comes, so a bad one is taken in too.

    Refuses with MessageRefused as `accept_letter` does.
    """
    check_channel(request.service, Channel.LETTER)
    check_may_send_letters(request.service, request.key_type)
    template = precompiled_template(request.service)
    content = {"to": "Provided as PDF", "normalised": "", "personalisation": {}, "sender": ""}
    message = _message(request, template, 1, postage=request.postage, content=content, status=Status.PENDING_VIRUS_CHECK)
    storage.save(message.id, request.pdf)
    try:
        return _store(request, message)
    except Exception:
        storage.delete_pdf(message.id)
        raise


def read_address(service: Service, values: Personalisation) -> PostalAddress:
    """The address in a personalisation; refuses one the service cannot send to."""
    abroad = service.has_permission(ServicePermission.INTERNATIONAL_LETTERS)
    address = PostalAddress.from_personalisation(values, international_allowed=abroad)
    if address.error is not None:
        raise MessageRefused(address.error.api_message, code=address.error.code, error="ValidationError")
    return address


def precompiled_template(service: Service) -> MessageTemplate:
    """The hidden template that ready-made letters belong to, made when it is first needed."""

    def load() -> MessageTemplate:
        template, _ = MessageTemplate.objects.get_or_create(
            service=service,
            slug="pre-compiled-pdf",
            is_hidden=True,
            defaults={"channel": Channel.LETTER, "name": PRECOMPILED_NAME},
        )
        TemplateVersion.objects.get_or_create(
            template=template, number=1, defaults={"name": PRECOMPILED_NAME, "subject": PRECOMPILED_NAME, "body": ""}
        )
        return template

    return cached(("precompiled_template", service.pk), load)


def letter_pdf(notification: Notification) -> bytes | None:
    """A letter's PDF, typeset now if need be; None when there is none (yet)."""
    content = NotificationContent.objects.filter(pk=notification.pk).first()
    return None if content is None else composed_pdf(notification, decrypt_json(bytes(content.sealed)))


def _check_qr(template: MessageTemplate, version: TemplateVersion, values: Personalisation) -> None:
    """Refuse a QR code nobody could scan. A template of another kind is left to the check that follows."""
    if template.channel != Channel.LETTER or template.archived_at is not None:
        return
    found = long_qr(content_of(template, version), values)
    if found is not None:
        refused = MessageRefused(
            "Cannot create a usable QR code - the link is too long", code="qr_too_long", error="ValidationError"
        )
        refused.extra = {"data": found.data, "num_bytes": found.num_bytes, "max_bytes": found.max_bytes}
        raise refused


def _message(request: LetterRequest | PrecompiledRequest, template: MessageTemplate, version: int, **more: Any) -> NewMessage:
    return NewMessage(
        id=uuid7(),
        service_id=request.service.pk,
        template_id=template.pk,
        template_version=version,
        channel=Channel.LETTER,
        created_at=clock.now(),
        key_type=request.key_type,
        lane=lane_for(template, request.key_type),
        api_key_id=request.api_key_id,
        created_by_id=request.by_id,
        client_reference=request.reference,
        **more,
    )


def _store(request: LetterRequest | PrecompiledRequest, message: NewMessage) -> AcceptedLetter:
    with transaction.atomic():
        store([message])
        left = quota.reserve(request.service, Channel.LETTER, 1, key_type=request.key_type)
        wake_on_commit(DISPATCH)
    return AcceptedLetter(message.id, message.created_at, str(message.postage), left)
