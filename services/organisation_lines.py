"""What organisations are told about their services: fills the slot of organisations.usage."""

from django.urls import reverse

from organisations.models import Organisation
from organisations.usage import ServiceLine
from services.enums import ServiceState
from services.models import Service


def lines_of(organisation: Organisation) -> list[ServiceLine]:
    """The organisation's services that are not archived, by name: one query."""
    services = Service.objects.filter(organisation=organisation, archived_at=None).select_related("go_live_requested_by")
    return [_line(service) for service in services.order_by("name")]


def _line(service: Service) -> ServiceLine:
    pending = service.state == ServiceState.PENDING
    return ServiceLine(
        id=service.pk,
        name=service.name,
        state=service.state,
        state_label=service.get_state_display(),
        is_suspended=service.suspended_at is not None,
        url=_url("dashboard:usage", service),
        answer_url=_url("services:go-live-decision", service) if pending else "",
        requested_at=service.go_live_requested_at if pending else None,
        requested_by=str(service.go_live_requested_by or "") if pending else "",
    )


def _url(name: str, service: Service) -> str:
    """The page of a service that members of its organisation may open."""
    return reverse(name, kwargs={"service_id": service.pk})
