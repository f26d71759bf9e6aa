"""Numbers that receive texts: added, given to a service, taken back."""

import re

from django.db import transaction

from accounts import staff
from audit.actors import Actor
from audit.record import record
from messaging.inbound.models import InboundNumber
from notify.lib import clock
from notify.lib.refusals import ActionRefused, Reason
from notify.lib.short_cache import clear_cache
from services.enums import ServicePermission
from services.models import Service, SmsSender

_NUMBER = re.compile(r"\+?[0-9]{3,14}")


@transaction.atomic
def add_inbound_number(*, number: str, provider: str, by: Actor) -> InboundNumber:
    """Put a number that can receive on the shelf. Refuses people who are not staff, a malformed and a known number."""
    staff.require(by, "inbound.add_inboundnumber")
    plain = "".join(number.split())
    if not _NUMBER.fullmatch(plain):
        raise ActionRefused(Reason("number", "Enter the number in digits, like 07700900123 or 60006", "number"))
    if InboundNumber.objects.filter(number=plain).exists():
        raise ActionRefused(Reason("taken", "This number is there already", "number"))
    added = InboundNumber.objects.create(number=plain, provider=provider)
    record("inbound_number.added", actor=by, subject=added, data={"number": plain, "provider": provider})
    return added


@transaction.atomic
def allocate_inbound_number(number: InboundNumber, *, service: Service, by: Actor) -> InboundNumber:
    """Give a free number to a service: it becomes its default text sender, and the service may receive.

    Refuses people who are not staff, a number in use or out of use, and a service that has one.
    """
    staff.require(by, "inbound.change_inboundnumber")
    number = InboundNumber.objects.select_for_update().get(pk=number.pk)
    service = Service.objects.select_for_update().get(pk=service.pk)
    if number.service_id or not number.is_active:
        raise ActionRefused("This number is not free")
    if InboundNumber.objects.filter(service=service).exists():
        raise ActionRefused(Reason("has_one", "This service has a number already", "service"))
    SmsSender.objects.active().filter(service=service, is_default=True).update(is_default=False)
    number.service = service
    number.sms_sender = SmsSender.objects.create(service=service, name=number.number, is_default=True, is_inbound_number=True)
    number.save(update_fields=["service", "sms_sender"])
    if ServicePermission.INBOUND_SMS not in service.permissions:
        service.permissions = [*service.permissions, ServicePermission.INBOUND_SMS]
        service.save(update_fields=["permissions"])
    record("inbound_number.allocated", actor=by, subject=service, data={"number": number.number})
    transaction.on_commit(clear_cache)
    return number


@transaction.atomic
def release_inbound_number(number: InboundNumber, *, by: Actor) -> InboundNumber:
    """Take a number back: the service stops receiving, and another of its text senders becomes the default.

    Refuses people who are not staff, and a number that is free.
    """
    staff.require(by, "inbound.change_inboundnumber")
    number = InboundNumber.objects.select_for_update(of=("self",)).select_related("service", "sms_sender").get(pk=number.pk)
    service, sender = number.service, number.sms_sender
    if service is None:
        raise ActionRefused("No service has this number")
    number.service = number.sms_sender = None
    number.save(update_fields=["service", "sms_sender"])
    if sender is not None:
        was_default, sender.is_default, sender.archived_at = sender.is_default, False, clock.now()
        sender.save(update_fields=["is_default", "archived_at"])
        other = SmsSender.objects.active().filter(service=service).order_by("created_at").first()
        if was_default and other is not None:
            other.is_default = True
            other.save(update_fields=["is_default"])
    service.permissions = [one for one in service.permissions if one != ServicePermission.INBOUND_SMS]
    service.save(update_fields=["permissions"])
    record("inbound_number.released", actor=by, subject=service, data={"number": number.number})
    transaction.on_commit(clear_cache)
    return number
