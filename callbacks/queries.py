"""Reading endpoints and the log for the pages."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from callbacks.enums import DeliveryState, Kind
from callbacks.models import CallbackAttempt, CallbackDelivery, CallbackEndpoint
from notify.lib.crypto import decrypt_json
from services.enums import ServicePermission
from services.models import Service

PAGE = 50
_STATES = {
    "waiting": [DeliveryState.WAITING, DeliveryState.SENDING],
    "delivered": [DeliveryState.DELIVERED],
    "failed": [DeliveryState.FAILED],
}
_COLOURS = {DeliveryState.DELIVERED: "green", DeliveryState.FAILED: "red"}


def kinds_of(service: Service) -> list[Kind]:
    """The kinds of callback that can ever happen to a service (reference: public-api §12.6)."""
    inbound = service.has_permission(ServicePermission.INBOUND_SMS)
    letters = service.has_permission(ServicePermission.LETTER)
    return [
        Kind.DELIVERY_STATUS,
        *([Kind.RECEIVED_TEXT] if inbound else []),
        *([Kind.RETURNED_LETTER] if inbound or letters else []),
    ]


def endpoints_of(service: Service, kind: str | None = None) -> list[CallbackEndpoint]:
    """A service's endpoints, the first one of each kind first."""
    found = CallbackEndpoint.objects.filter(service=service)
    return list(found.filter(kind=kind) if kind else found)


def find_deliveries(
    service: Service, *, search: str = "", state: str = "", endpoint: UUID | None = None, before: UUID | None = None
) -> list[CallbackDelivery]:
    """A page of the log, newest first, and one row more when there is another page."""
    found: QuerySet[CallbackDelivery] = CallbackDelivery.objects.filter(service_id=service.pk).select_related("endpoint")
    if search := search.strip():
        wanted = Q(reference=search[:255])
        try:
            subject = UUID(search)
            wanted |= Q(subject_id=subject) | Q(pk=subject)
        except ValueError:
            pass  # a reference, not an id
        found = found.filter(wanted)
    if state in _STATES:
        found = found.filter(state__in=_STATES[state])
    if endpoint:
        found = found.filter(endpoint_id=endpoint)
    if before:
        found = found.filter(pk__lt=before)
    return list(found.defer("payload")[: PAGE + 1])


@dataclass(frozen=True, slots=True)
class Exchange:
    """An attempt with its sealed part opened."""

    attempt: CallbackAttempt
    request_headers: dict[str, str]
    response_headers: dict[str, str]
    response: str


def attempts_of(delivery: CallbackDelivery) -> list[Exchange]:
    """Every attempt of a delivery, newest first."""
    return [
        Exchange(attempt=attempt, **decrypt_json(attempt.exchange))
        for attempt in CallbackAttempt.objects.filter(delivery=delivery).order_by("-number")[:100]
    ]


def colour_of(state: int) -> str:
    """The colour of a state's tag."""
    return _COLOURS.get(DeliveryState(state), "grey")
