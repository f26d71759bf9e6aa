"""Taking one letter in, from a template or ready-made, and giving its PDF back (reference: public-api §4.6, §4.7, §5.4)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from messaging.enums import Postage, Status
from messaging.letters import storage
from messaging.letters.actions.checks import LetterContext, LetterRequest, PrecompiledRequest, check_letter, check_precompiled
from messaging.letters.actions.compose import letter_pdf as composed_pdf
from messaging.message_templates.models import MessageTemplate, TemplateVersion
from messaging.notifications.actions import quota
from messaging.notifications.actions.accept import lane_for
from messaging.notifications.actions.checks import Wording
from messaging.notifications.actions.store import NewMessage, store
from messaging.notifications.constants import DISPATCH
from messaging.notifications.models import Notification, NotificationContent
from messaging.notifications.rules.recipients import recipient_hash
from notify.lib import clock
from notify.lib.crypto import decrypt_json
from notify.lib.ids import uuid7
from notify.lib.short_cache import cached
from notify.lib.wakeup import wake_on_commit
from services.enums import Channel
from services.models import Service

PRECOMPILED_NAME = "Pre-compiled PDF"
_FORCED_POSTAGE = {"europe": Postage.EUROPE, "rest-of-world": Postage.REST_OF_WORLD}


@dataclass(frozen=True, slots=True)
class AcceptedLetter:
    """A letter that is in."""

    id: UUID
    request: LetterRequest | PrecompiledRequest
    wording: Wording
    postage: str
    left_today: int | None

    @property
    def version(self) -> TemplateVersion:
        return self.wording[1]


def accept_letter(request: LetterRequest) -> AcceptedLetter:
    """Check, store and queue one letter; its postage is the template's, or what an address abroad needs.

    Refuses with MessageRefused or TemplateNotFound in the order of the contract; nothing is stored then.
    """
    context = LetterContext(request)
    check_letter(context)
    address = context.address
    message = _message(
        request,
        context.wording,
        postage=_FORCED_POSTAGE.get(address.zone) or context.version.postage or Postage.SECOND,
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
    return _store(request, message, context.wording)


def preview_letter(request: LetterRequest) -> LetterContext:
    """What would be sent, nothing written; in trial mode too. Refuses whatever else `accept_letter` would refuse now."""
    context = LetterContext(request)
    check_letter(context, in_trial_too=True)
    quota.check_left_today(request.service, Channel.LETTER, key_type=request.key_type)
    return context


def accept_precompiled(request: PrecompiledRequest) -> AcceptedLetter:
    """Store and queue a ready-made letter; its file is checked when its turn comes, so a bad one is taken in too.

    Refuses with MessageRefused as `accept_letter` does.
    """
    pdf = check_precompiled(request)
    wording = precompiled_template(request.service)
    content = {"to": "Provided as PDF", "normalised": "", "personalisation": {}, "sender": ""}
    message = _message(request, wording, postage=request.postage, content=content, status=Status.PENDING_VIRUS_CHECK)
    storage.save(message.id, pdf)
    try:
        return _store(request, message, wording)
    except Exception:
        storage.delete_pdf(message.id)
        raise


def precompiled_template(service: Service) -> Wording:
    """The hidden template that ready-made letters belong to, made when it is first needed."""

    def load() -> Wording:
        template, _ = MessageTemplate.objects.get_or_create(
            service=service,
            # No slug of a team's own template begins with a hyphen.
            slug="-pre-compiled-pdf",
            is_hidden=True,
            defaults={"channel": Channel.LETTER, "name": PRECOMPILED_NAME},
        )
        version, _ = TemplateVersion.objects.get_or_create(
            template=template, number=1, defaults={"name": PRECOMPILED_NAME, "subject": PRECOMPILED_NAME, "body": ""}
        )
        return template, version

    return cached(("precompiled_template", service.pk), load)


def letter_pdf(notification: Notification) -> bytes | None:
    """A letter's PDF, typeset now if need be; None when there is none (yet)."""
    content = NotificationContent.objects.filter(pk=notification.pk).first()
    return None if content is None else composed_pdf(notification, decrypt_json(bytes(content.sealed)))


def _message(request: LetterRequest | PrecompiledRequest, wording: Wording, **more: Any) -> NewMessage:
    template, version = wording
    return NewMessage(
        id=uuid7(),
        service_id=request.service.pk,
        template_id=template.pk,
        template_version=version.number,
        channel=Channel.LETTER,
        created_at=clock.now(),
        key_type=request.key_type,
        lane=lane_for(template, request.key_type),
        api_key_id=request.api_key_id,
        created_by_id=request.by_id,
        client_reference=request.reference,
        **more,
    )


def _store(request: LetterRequest | PrecompiledRequest, message: NewMessage, wording: Wording) -> AcceptedLetter:
    with transaction.atomic():
        store([message])
        left = quota.reserve(request.service, Channel.LETTER, 1, key_type=request.key_type)
        wake_on_commit(DISPATCH)
    return AcceptedLetter(message.id, request, wording, str(message.postage), left)
