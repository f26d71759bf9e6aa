"""What is checked before a letter is taken in, in the contract's order (reference: public-api §4.1)."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from content import PostalAddress, long_qr
from messaging.enums import Postage
from messaging.notifications.actions.checks import (
    OF_THE_BATCH,
    Personalisation,
    TemplateContext,
    Wording,
    files_by_email_only,
    values_complete,
)
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.rules import sending
from services.enums import Channel, KeyType, ServicePermission
from services.models import Service


@dataclass(frozen=True, slots=True)
class LetterRequest:
    """A letter somebody wants sent from a template. The address is in the personalisation."""

    service: Service
    # The id, for the latest version; or the template with the version to use.
    template: UUID | Wording
    personalisation: Personalisation
    key_type: str = KeyType.NORMAL
    api_key_id: UUID | None = None
    by_id: UUID | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class PrecompiledRequest:
    """A letter that comes as a PDF, in base64."""

    service: Service
    content: str = field(repr=False)
    reference: str | None
    postage: str = Postage.SECOND
    key_type: str = KeyType.NORMAL
    api_key_id: UUID | None = None
    by_id: UUID | None = None


class LetterContext(TemplateContext):
    """One letter from a template on its way through the checks."""

    def __init__(self, request: LetterRequest) -> None:
        super().__init__(request.service, Channel.LETTER, request.template, request.personalisation, request.key_type)

    @cached_property
    def address(self) -> PostalAddress:
        """The address in the personalisation. Refuses one the service cannot send to."""
        abroad = self.service.has_permission(ServicePermission.INTERNATIONAL_LETTERS)
        address = PostalAddress.from_personalisation(self.personalisation, international_allowed=abroad)
        if address.error is not None:
            raise MessageRefused(address.error.code, address.error.api_message, invalid=address.error.api_message)
        return address


def qr_code_usable(context: TemplateContext) -> None:
    """Refuse a QR code nobody could scan."""
    found = long_qr(context.content, context.personalisation)
    if found is not None:
        raise MessageRefused(
            "qr_too_long",
            "Cannot create a usable QR code - the link is too long",
            data=found.data,
            num_bytes=found.num_bytes,
            max_bytes=found.max_bytes,
        )


def check_may_send_letters(service: Service, key_type: str) -> None:
    """Letters cost money and reach anybody, so team keys and services in trial mode send none; test keys may."""
    if key_type == KeyType.TEAM:
        raise MessageRefused("team_letter", "Cannot send letters with a team api key")
    if key_type != KeyType.TEST and not service.is_live:
        raise MessageRefused("trial_letter", "Cannot send letters when service is in trial mode")


def letters_allowed(context: TemplateContext) -> None:
    check_may_send_letters(context.service, context.key_type)


def address_usable(context: LetterContext) -> None:
    context.address  # noqa: B018 - refuses by itself


# The first that fails is the answer.
OF_A_LETTER: tuple[Callable[[LetterContext], None], ...] = (
    *OF_THE_BATCH,
    qr_code_usable,
    values_complete,
    files_by_email_only,
    letters_allowed,
    address_usable,
)


def check_letter(context: LetterContext, *, in_trial_too: bool = False) -> None:
    """Every check of a letter from a template; `in_trial_too`: for a look at it, which everybody may take.

    Refuses with MessageRefused or TemplateNotFound.
    """
    for check in OF_A_LETTER:
        if not (in_trial_too and check is letters_allowed):
            check(context)


def check_precompiled(request: PrecompiledRequest) -> bytes:
    """Every check of a ready-made letter, and the file, which is looked at when its turn comes. Refuses with MessageRefused."""
    sending.check_active(request.service)
    sending.check_channel(request.service, Channel.LETTER)
    check_may_send_letters(request.service, request.key_type)
    try:
        return base64.b64decode(request.content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MessageRefused("letter_base64", "Cannot decode letter content (invalid base64 encoding)") from error
