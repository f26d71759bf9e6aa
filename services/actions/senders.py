"""Who messages are from: reply-to addresses, text senders, letter addresses; and the guest list."""

import re
from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction

from accounts import staff
from audit.actors import Actor
from audit.record import System, record
from content import InvalidRecipient, parse_phone
from notify.lib import clock
from notify.lib.refusals import ActionRefused, Reason
from services.access import CHANGE, require
from services.actions import reply_to_verification
from services.models import EmailReplyTo, GuestListEntry, LetterContact, Service, SmsSender
from services.permissions import MANAGE_API_KEYS, MANAGE_SERVICE
from services.queries.senders import is_protected

S = TypeVar("S", EmailReplyTo, SmsSender, LetterContact)

# reference: web-ui §17.5
_SMS_SENDER = re.compile(r"^[A-Za-z0-9 &.\-_']+$")
SMS_SENDER_MIN, SMS_SENDER_MAX = 3, 11
# Names that say nothing about who writes.
VAGUE_SENDERS = frozenset({"INFO", "VERIFY", "ALERT"})
_UK_MOBILE = re.compile(r"^(?:07|447)\d{9}$")
_SHORT_CODE = re.compile(r"^[678]\d{4}$")
GUESTS_PER_KIND = 5


def add_reply_to(service: Service, *, email_address: str, is_default: bool, by: Actor) -> EmailReplyTo:
    """Add a reply-to address and send it an email: it is used once somebody there has confirmed it.

    The first confirmed one is the default. What staff add counts at once. Refuses a bad address and one that is there already.
    """
    require(by, service, MANAGE_SERVICE)
    address = _email(email_address)
    with transaction.atomic():
        _own_address(service, address)
        if _trusted(by):
            values = {"email_address": address, "verified_at": clock.now()}
            return _add(EmailReplyTo, service, is_default, "reply_to.added", by, **values)
        reply_to = EmailReplyTo.objects.create(
            service=service, email_address=address, is_default=False, verification_sent_at=clock.now()
        )
        record("reply_to.added", actor=by, subject=reply_to)
        reply_to_verification.send(reply_to, make_default=is_default, by=by)
    return reply_to


def change_reply_to(reply_to: EmailReplyTo, *, email_address: str, is_default: bool, by: Actor) -> EmailReplyTo:
    """Change an address or make it the default.

    Another address is added beside the old one and takes its place once it is confirmed. Refuses to make an address the
    default that waits for that.
    """
    require(by, reply_to.service, MANAGE_SERVICE)
    address = _email(email_address)
    with transaction.atomic():
        reply_to = type(reply_to).objects.locked(reply_to.pk)
        if address == reply_to.email_address:
            if reply_to.is_waiting and is_default:
                raise ActionRefused(Reason("waiting", "Confirm the address before you make it the default", "is_default"))
            return _edit(reply_to, is_default, "reply_to.changed", by)
        _own_address(reply_to.service, address)
        if _trusted(by):
            values = {"email_address": address, "verified_at": clock.now()}
            return _edit(reply_to, is_default, "reply_to.changed", by, **values)
        new = EmailReplyTo.objects.create(
            service=reply_to.service, email_address=address, is_default=False, verification_sent_at=clock.now()
        )
        record("reply_to.added", actor=by, subject=new)
        reply_to_verification.send(new, make_default=is_default or reply_to.is_default, replaces=reply_to, by=by)
    return new


def resend_verification(reply_to: EmailReplyTo, *, by: Actor) -> EmailReplyTo:
    """Send the email again; its 24 hours begin anew. Refuses an address that is confirmed, and sending twice in a minute."""
    require(by, reply_to.service, MANAGE_SERVICE)
    with transaction.atomic():
        reply_to = type(reply_to).objects.locked(reply_to.pk)
        if reply_to.archived_at is not None or not reply_to.is_waiting:
            raise ActionRefused("This address does not need to be confirmed")
        if reply_to.verification_sent_at and clock.now() - reply_to.verification_sent_at < reply_to_verification.PAUSE:
            raise ActionRefused("We sent an email less than a minute ago: look for it, or try again in a minute")
        reply_to.verification_sent_at = clock.now()
        reply_to.save(update_fields=["verification_sent_at"])
        reply_to_verification.send(reply_to, make_default=False, by=by)
    return reply_to


def confirm_reply_to(reply_to: EmailReplyTo, *, by: Actor, make_default: bool = False, replaces: UUID | None = None) -> None:
    """Take an address into use, because somebody opened the link that was sent to it. Doing so twice is harmless.

    The first address in use becomes the default, and so does one that was to be; the one it replaces is archived. Refuses
    an address that was removed.
    """
    with transaction.atomic():
        service = Service.objects.select_for_update().get(pk=reply_to.service_id)
        reply_to = type(reply_to).objects.locked(reply_to.pk)
        if reply_to.archived_at is not None:
            raise ActionRefused("This address has been removed from the service")
        if not reply_to.is_waiting:
            return
        in_use = EmailReplyTo.objects.active().filter(service=service)
        if replaces is not None:
            in_use.filter(pk=replaces).update(archived_at=clock.now(), is_default=False)
        if make_default or not in_use.filter(is_default=True).exists():
            in_use.update(is_default=False)
            reply_to.is_default = True
        reply_to.verified_at = clock.now()
        reply_to.save(update_fields=["verified_at", "is_default"])
        record("reply_to.confirmed", actor=by, subject=reply_to)


def _own_address(service: Service, address: str) -> None:
    """Refuse an address that the service has already."""
    if EmailReplyTo.objects.active().filter(service=service, email_address=address).exists():
        raise ActionRefused(Reason("taken", "You have added this address already", "value"))


def _trusted(by: Actor) -> bool:
    """Whose word is enough for an address: the platform's and its staff's."""
    return isinstance(by, System) or staff.may(by, CHANGE)


def add_sms_sender(service: Service, *, name: str, is_default: bool, by: Actor) -> SmsSender:
    """Add a text sender of 3 to 11 letters, numbers, spaces and & . - _ '. Refuses protected names."""
    return _add(SmsSender, service, is_default, "sms_sender.added", by, name=_sms_name(name, by))


def change_sms_sender(sender: SmsSender, *, name: str, is_default: bool, by: Actor) -> SmsSender:
    """Change a text sender; one that is a receiving number keeps its name."""
    if sender.is_inbound_number and name.strip() != sender.name:
        raise ActionRefused(Reason("inbound", "A number that receives texts cannot be changed", "value"))
    wanted = sender.name if sender.is_inbound_number else _sms_name(name, by)
    return _edit(sender, is_default, "sms_sender.changed", by, name=wanted)


def add_letter_contact(service: Service, *, block: str, is_default: bool, by: Actor) -> LetterContact:
    """Add a sender address for letters, up to ten lines."""
    return _add(LetterContact, service, is_default, "letter_contact.added", by, block=_block(block))


def change_letter_contact(contact: LetterContact, *, block: str, is_default: bool, by: Actor) -> LetterContact:
    return _edit(contact, is_default, "letter_contact.changed", by, block=_block(block))


def remove_sender(sender: S, *, by: Actor) -> None:
    """Archive a sender. Refuses the default one (choose another default first) and a number that receives texts."""
    require(by, sender.service, MANAGE_SERVICE)
    with transaction.atomic():
        sender = type(sender).objects.locked(sender.pk)
        others = type(sender).objects.active().filter(service=sender.service).exclude(pk=sender.pk)
        if isinstance(sender, EmailReplyTo):
            others = others.exclude(verification_sent_at__isnull=False, verified_at=None)
        if sender.is_default and (others.exists() or isinstance(sender, SmsSender)):
            raise ActionRefused("Make another one the default before you remove this one")
        if getattr(sender, "is_inbound_number", False):
            raise ActionRefused("A number that receives texts cannot be removed")
        sender.archived_at, sender.is_default = clock.now(), False
        sender.save(update_fields=["archived_at", "is_default"])
        names = {EmailReplyTo: "reply_to", SmsSender: "sms_sender", LetterContact: "letter_contact"}
        record(f"{names[type(sender)]}.removed", actor=by, subject=sender)


def set_guest_list(
    service: Service, *, emails: Sequence[tuple[str, str]], phones: Sequence[tuple[str, str]], by: Actor
) -> None:
    """Replace the guest list: (field, what was typed) for up to 5 addresses and 5 numbers. One bad entry refuses all."""
    require(by, service, MANAGE_API_KEYS)
    if max(len(emails), len(phones)) > GUESTS_PER_KIND:
        raise ActionRefused(f"You can add up to {GUESTS_PER_KIND} email addresses and {GUESTS_PER_KIND} phone numbers")
    entries, reasons = [], []
    for kind, read, typed in ((GuestListEntry.Kind.EMAIL, _email, emails), (GuestListEntry.Kind.PHONE, _phone, phones)):
        for field, value in typed:
            try:
                entries.append(GuestListEntry(service=service, kind=kind, recipient=value, normalised=read(value)))
            except ActionRefused as refusal:
                reasons.append(Reason("invalid", refusal.reasons[0].message, field))
    if reasons:
        raise ActionRefused(*reasons)
    with transaction.atomic():
        Service.objects.select_for_update().get(pk=service.pk)
        GuestListEntry.objects.filter(service=service).delete()
        GuestListEntry.objects.bulk_create({(e.kind, e.normalised): e for e in entries}.values())
        record("guest_list.changed", actor=by, subject=service, data={"addresses": len(emails), "numbers": len(phones)})


def _add(model: type[S], service: Service, is_default: bool, event: str, by: Actor, **values: Any) -> S:
    require(by, service, MANAGE_SERVICE)
    with transaction.atomic():
        Service.objects.select_for_update().get(pk=service.pk)
        current = model.objects.active().filter(service=service)
        is_default = is_default or not current.filter(is_default=True).exists()
        if is_default:
            current.update(is_default=False)
        sender = model.objects.create(service=service, is_default=is_default, **values)
        record(event, actor=by, subject=sender)
    return sender


def _edit(sender: S, is_default: bool, event: str, by: Actor, **values: Any) -> S:
    require(by, sender.service, MANAGE_SERVICE)
    with transaction.atomic():
        Service.objects.select_for_update().get(pk=sender.service_id)
        sender = type(sender).objects.locked(sender.pk)
        if sender.archived_at is not None:
            raise ActionRefused("This has been removed")
        before = str(sender)
        if is_default and not sender.is_default:
            current: models.QuerySet[Any] = type(sender).objects.active().filter(service=sender.service)
            current.update(is_default=False)
            sender.is_default = True
        for field, value in values.items():
            setattr(sender, field, value)
        sender.save()
        record(event, actor=by, subject=sender, data={"before": before})
    return sender


def _email(value: str) -> str:
    address = value.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        message = "Enter an email address in the correct format, like name@example.gov.uk"
        raise ActionRefused(Reason("invalid", message, "value")) from error
    return address


def _phone(value: str) -> str:
    try:
        return parse_phone(value, international_allowed=True, landlines_allowed=True).e164
    except InvalidRecipient as error:
        raise ActionRefused(Reason("invalid", str(error), "value")) from error


def _sms_name(name: str, by: Actor) -> str:
    name = name.strip()
    problems = [
        (not name, "Enter a text message sender"),
        (len(name) > SMS_SENDER_MAX, f"Text message sender cannot be longer than {SMS_SENDER_MAX} characters"),
        (len(name) < SMS_SENDER_MIN, f"Text message sender must be at least {SMS_SENDER_MIN} characters long"),
        (not _SMS_SENDER.match(name), "Text message sender can only include letters, numbers, spaces and & . - _ '"),
        (name.startswith("00"), "Text message sender cannot start with 00"),
        (name.upper() in VAGUE_SENDERS, "Text message sender needs to say who the text is from"),
        (
            name.isdigit() and not (_UK_MOBILE.match(name) or _SHORT_CODE.match(name)),
            "A number must be a UK mobile number, or five digits that start with 6, 7 or 8",
        ),
        (
            "".join(name.split()).upper() == "NHSNOREPLY" and name != "NHSNoReply",
            "Write this sender as NHSNoReply",
        ),
        (
            not _trusted(by) and is_protected(name),
            "This sender name is protected: write to the platform’s support if it is yours",
        ),
    ]
    for is_so, message in problems:
        if is_so:
            raise ActionRefused(Reason("invalid", message, "value"))
    return name


def _block(block: str) -> str:
    lines = [line.strip() for line in block.strip().splitlines() if line.strip()]
    if not lines:
        raise ActionRefused(Reason("required", "Enter an address", "value"))
    if len(lines) > 10:
        raise ActionRefused(Reason("too_long", f"The address has {len(lines)} lines, and 10 is the most", "value"))
    return "\n".join(lines)
