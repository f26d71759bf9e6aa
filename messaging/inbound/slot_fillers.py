"""What this app answers for services: a number to receive texts."""

import json

from audit.actors import Actor
from audit.record import SYSTEM
from messaging.inbound.actions.email_replies import pass_on_reply
from messaging.inbound.actions.numbers import allocate_inbound_number
from messaging.inbound.actions.receive import TextsNotStored, receive_texts
from messaging.inbound.models import InboundNumber
from messaging.notifications.slots import inbox_readers
from messaging.providers import slots as provider_slots
from messaging.providers.actions.receipt_inbox import raw_body
from messaging.providers.base import Provider
from messaging.providers.enums import InboxKind
from messaging.providers.models import ReceiptInbox
from notify.lib.refusals import ActionRefused
from services.enums import ServicePermission
from services.models import Service
from services.permissions import VIEW_ACTIVITY
from services.slots import navigation
from services.slots.navigation import NavigationItem
from services.slots.numbers import number_allocators


def allocate_next_number(service: Service, *, by: Actor) -> None:
    """Give a service the next free number that receives; refuses when there is none. The caller has checked who asks."""
    free = InboundNumber.objects.select_for_update(skip_locked=True).filter(service=None, is_active=True)
    number = free.order_by("number").first()
    if number is None:
        raise ActionRefused("No number is free at the moment: write to the platform’s support")
    allocate_inbound_number(number, service=service, by=SYSTEM)


def read_texts(provider: Provider, row: ReceiptInbox) -> str:
    """Take in texts that people sent to services."""
    try:
        receive_texts(provider.parse_inbound(raw_body(row), row.content_type))
    except TextsNotStored as error:
        return str(error)
    return ""


def read_email(provider: Provider, row: ReceiptInbox) -> str:
    """Pass on an email that came to a service's sending address."""
    pass_on_reply(json.loads(raw_body(row)))
    return ""


def receiving_numbers() -> list[tuple[str, str]]:
    """Numbers that receive for a service, with its name."""
    numbers = InboundNumber.objects.filter(service__isnull=False, is_active=True).select_related("service")
    return [(number.number, str(number.service)) for number in numbers[:50]]


number_allocators.fill(allocate_next_number)
inbox_readers.fill(read_texts, key=InboxKind.INBOUND)
inbox_readers.fill(read_email, key=InboxKind.EMAIL)
provider_slots.receiving_numbers.fill(receiving_numbers)
navigation.add(
    NavigationItem(
        "inbox",
        "Received messages",
        "inbound:inbox",
        32,
        lambda service, held: service.has_permission(ServicePermission.INBOUND_SMS) and VIEW_ACTIVITY in held,
    )
)
