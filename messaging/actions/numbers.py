"""A service takes a number that receives texts."""

from typing import Any

from django.db import transaction

from audit.record import record
from messaging.cached import forget
from messaging.models import InboundNumber
from notify.lib.refusals import ActionRefused
from services.access import require
from services.enums import ServicePermission
from services.models import Service, SmsSender
from services.permissions import MANAGE_SERVICE


@transaction.atomic
def take_number(service: Service, *, by: Any) -> InboundNumber:
    """Give a service the next free number: it may receive texts, and the number becomes one of its text senders.

    It becomes the default sender when the service had none but the platform's own. Refuses people without the permission,
    a service that has a number or does not send texts, and everybody when no number is free.
    """
    service = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
    require(by, service, MANAGE_SERVICE)
    if not service.has_permission(ServicePermission.SMS):
        raise ActionRefused("This service does not send text messages")
    if InboundNumber.objects.filter(service=service).exists():
        raise ActionRefused("This service has a number already")
    number = (
        InboundNumber.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(service__isnull=True, is_active=True)
        .order_by("number")
        .first()
    )
    if number is None:
        raise ActionRefused("There are no free numbers at the moment. Contact support to ask for one")
    senders = SmsSender.objects.filter(service=service, archived_at=None)
    is_only = senders.count() <= 1
    if is_only:
        senders.update(is_default=False)
    number.service = service
    number.sms_sender = SmsSender.objects.create(
        service=service, name=number.number, is_default=is_only, is_inbound_number=True
    )
    number.save(update_fields=["service", "sms_sender"])
    if ServicePermission.INBOUND_SMS not in service.permissions:
        service.permissions = [*service.permissions, ServicePermission.INBOUND_SMS]
        service.save(update_fields=["permissions"])
    record("inbound_number.allocated", actor=by, subject=service, data={"number": number.number})
    transaction.on_commit(forget)
    return number
