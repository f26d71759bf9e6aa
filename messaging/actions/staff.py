"""What only the platform's staff do with providers, receiving numbers and returned letters."""

import re
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts import staff
from audit.record import record
from messaging.actions.status import Move, move
from messaging.cached import forget
from messaging.enums import Status
from messaging.models import InboundNumber, Notification, ProviderState, ReturnedLetter
from messaging.signals import letters_returned
from notify.lib import clock
from notify.lib.refusals import ActionRefused, Reason
from services.enums import Channel, ServicePermission
from services.models import Service, SmsSender

_NUMBER = re.compile(r"\+?[0-9]{3,14}")
MAX_RETURNED = 1_000


@transaction.atomic
def set_shares(channel: str, *, shares: dict[str, int], reason: str, by: Any) -> list[ProviderState]:
    """Share out the traffic of a channel: one whole percentage per provider, 100 together.

    Refuses people who are not staff, numbers outside 0 to 100, another sum, and a missing reason.
    """
    staff.require(by, "messaging.change_providerstate")
    if not reason.strip():
        raise ActionRefused(Reason("reason", "Say why you change it", "reason"))
    if any(not 0 <= share <= 100 for share in shares.values()) or sum(shares.values()) != 100:
        raise ActionRefused(Reason("sum", "The shares must be whole numbers that make 100 together"))
    states = {row.name: row for row in ProviderState.objects.select_for_update().filter(channel=channel)}
    if unknown := shares.keys() - states.keys():
        raise ActionRefused(f"There is no such provider: {', '.join(sorted(unknown))}")
    for name, share in shares.items():
        state = states[name]
        if state.share == share:
            continue
        change = f"share {state.share}% → {share}%, because {reason.strip()}"
        state.share = share
        state.save(update_fields=["share", "updated_at"])
        record("provider.changed", actor=by, subject=state, data={"change": change})
    transaction.on_commit(forget)
    return list(states.values())


@transaction.atomic
def switch_provider(state: ProviderState, *, is_active: bool, reason: str, by: Any) -> ProviderState:
    """Take a provider into use or out of it. Refuses people who are not staff, a missing reason, and the last one in use."""
    staff.require(by, "messaging.change_providerstate")
    if not reason.strip():
        raise ActionRefused(Reason("reason", "Say why you change it", "reason"))
    channel = list(ProviderState.objects.select_for_update().filter(channel=state.channel))
    state = next(row for row in channel if row.pk == state.pk)
    if not is_active and not any(row.is_active for row in channel if row.pk != state.pk):
        raise ActionRefused("This is the only provider in use for this channel. Switch another one on first")
    if state.is_active != is_active:
        state.is_active = is_active
        state.save(update_fields=["is_active", "updated_at"])
        change = f"switched {'on' if is_active else 'off'}, because {reason.strip()}"
        record("provider.changed", actor=by, subject=state, data={"change": change})
    transaction.on_commit(forget)
    return state


@transaction.atomic
def add_inbound_number(*, number: str, provider: str, by: Any) -> InboundNumber:
    """Put a number that can receive on the shelf. Refuses people who are not staff, a malformed and a known number."""
    staff.require(by, "messaging.add_inboundnumber")
    plain = "".join(number.split())
    if not _NUMBER.fullmatch(plain):
        raise ActionRefused(Reason("number", "Enter the number in digits, like 07700900123 or 60006", "number"))
    if InboundNumber.objects.filter(number=plain).exists():
        raise ActionRefused(Reason("taken", "This number is there already", "number"))
    added = InboundNumber.objects.create(number=plain, provider=provider)
    record("inbound_number.added", actor=by, subject=added, data={"number": plain, "provider": provider})
    return added


@transaction.atomic
def allocate_inbound_number(number: InboundNumber, *, service: Service, by: Any) -> InboundNumber:
    """Give a free number to a service: it becomes its default text sender, and the service may receive.

    Refuses people who are not staff, a number in use or out of use, and a service that has one.
    """
    staff.require(by, "messaging.change_inboundnumber")
    number = InboundNumber.objects.select_for_update().get(pk=number.pk)
    service = Service.objects.select_for_update().get(pk=service.pk)
    if number.service_id or not number.is_active:
        raise ActionRefused("This number is not free")
    if InboundNumber.objects.filter(service=service).exists():
        raise ActionRefused(Reason("has_one", "This service has a number already", "service"))
    SmsSender.objects.filter(service=service, is_default=True, archived_at=None).update(is_default=False)
    number.service = service
    number.sms_sender = SmsSender.objects.create(service=service, name=number.number, is_default=True, is_inbound_number=True)
    number.save(update_fields=["service", "sms_sender"])
    if ServicePermission.INBOUND_SMS not in service.permissions:
        service.permissions = [*service.permissions, ServicePermission.INBOUND_SMS]
        service.save(update_fields=["permissions"])
    record("inbound_number.allocated", actor=by, subject=service, data={"number": number.number})
    transaction.on_commit(forget)
    return number


@transaction.atomic
def release_inbound_number(number: InboundNumber, *, by: Any) -> InboundNumber:
    """Take a number back: the service stops receiving, and another of its text senders becomes the default.

    Refuses people who are not staff, and a number that is free.
    """
    staff.require(by, "messaging.change_inboundnumber")
    number = InboundNumber.objects.select_for_update(of=("self",)).select_related("service", "sms_sender").get(pk=number.pk)
    service, sender = number.service, number.sms_sender
    if service is None:
        raise ActionRefused("No service has this number")
    number.service = number.sms_sender = None
    number.save(update_fields=["service", "sms_sender"])
    if sender is not None:
        was_default, sender.is_default, sender.archived_at = sender.is_default, False, clock.now()
        sender.save(update_fields=["is_default", "archived_at"])
        other = SmsSender.objects.filter(service=service, archived_at=None).order_by("created_at").first()
        if was_default and other is not None:
            other.is_default = True
            other.save(update_fields=["is_default"])
    service.permissions = [one for one in service.permissions if one != ServicePermission.INBOUND_SMS]
    service.save(update_fields=["permissions"])
    record("inbound_number.released", actor=by, subject=service, data={"number": number.number})
    transaction.on_commit(forget)
    return number


@transaction.atomic
def report_returned_letters(*, references: list[str], by: Any) -> list[ReturnedLetter]:
    """Mark letters as returned by their ids; their services and callbacks are told. Reporting one again is harmless.

    Refuses people who are not staff, more than 1,000 at once, and the whole list when one is no letter of ours, naming each.
    """
    staff.require(by, "messaging.add_returnedletter")
    wanted = [text.strip().upper().removeprefix("NOTIFY-").lower() for text in references if text.strip()]
    if not wanted or len(wanted) > MAX_RETURNED:
        raise ActionRefused(Reason("count", f"Enter 1 to {MAX_RETURNED:,} references, one on each line", "references"))
    keys = {text: _as_uuid(text) for text in wanted}
    found = Notification.objects.filter(pk__in=[key for key in keys.values() if key], channel=Channel.LETTER)
    letters = {letter.pk: letter for letter in found}
    bad = [
        Reason("unknown", f"‘{text[:60]}’ is not a letter of ours", "references")
        for text, key in keys.items()
        if key not in letters
    ]
    if bad:
        raise ActionRefused(*bad)
    known = set(ReturnedLetter.objects.filter(notification_id__in=letters).values_list("notification_id", flat=True))
    new = [letter for key, letter in letters.items() if key not in known]
    made = ReturnedLetter.objects.bulk_create(
        [ReturnedLetter(service_id=letter.service_id, notification_id=letter.pk) for letter in new]  # type: ignore[attr-defined]
    )
    move([Move(id=letter.pk, status=Status.RETURNED_LETTER, detail="Returned by the post office") for letter in new])
    if made:
        letters_returned.send(sender=ReturnedLetter, returned_letters=made)
        record("letters.returned", actor=by, subject=made[0], data={"count": len(made)})
    return made


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
