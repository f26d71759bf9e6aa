"""What the platform writes to a service's people about its life."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from accounts import emails
from accounts.models import User
from audit.actors import Actor
from organisations.queries import approvers
from services.models import JoinRequest, Service
from services.queries.team import current_memberships, managers


def _context(service: Service, **more: Any) -> dict[str, Any]:
    return {"service": service.name, "url": f"{settings.BASE_URL}/services/{service.pk}", **more}


def go_live_requested(service: Service) -> None:
    """To those who can answer, and a receipt to the person who asked."""
    requester = service.go_live_requested_by
    for address in _answerers(service):
        emails.send(
            "go_live_requested",
            to=address,
            context=_context(
                service,
                requester=str(requester or ""),
                answer_url=f"{settings.BASE_URL}/services/{service.pk}/go-live-decision",
            ),
        )
    if requester is not None:
        emails.send("go_live_receipt", to=requester.email, context=_context(service))


def go_live_withdrawn(service: Service, *, by: Actor) -> None:
    """To those who could have answered, so that nobody looks for the request."""
    for address in _answerers(service):
        emails.send("go_live_withdrawn", to=address, context=_context(service, by=str(by)))


def went_live(service: Service) -> None:
    """To everybody on the team."""
    to_team(service, "service_went_live")


def to_team(service: Service, template: str, **more: Any) -> None:
    """One of the platform's emails to everybody on the team."""
    for membership in current_memberships(service).select_related("user"):
        emails.send(template, to=membership.user.email, context=_context(service, **more))


def to_managers(service: Service, template: str, **more: Any) -> None:
    """One of the platform's emails to those who can manage the service."""
    for manager in managers(service):
        emails.send(template, to=manager.email, context=_context(service, **more))


def _answerers(service: Service) -> list[str]:
    people = [person.email for person in approvers(service.organisation)] if service.organisation else []
    return people or [settings.SUPPORT_EMAIL]


def go_live_rejected(service: Service, *, requester: Any, reason: str, by: Actor) -> None:
    """To the person who asked, with the reason and whom to write to."""
    if requester is not None:
        contact = getattr(by, "email", settings.SUPPORT_EMAIL)
        emails.send("go_live_rejected", to=requester.email, context=_context(service, reason=reason, contact=contact))


def join_requested(request: JoinRequest, chosen: Iterable[User]) -> None:
    """To the managers who were chosen, and a receipt to the person who asks."""
    person, service = request.requester, request.service
    link = f"{settings.BASE_URL}/services/{service.pk}/join-requests/{request.pk}"
    words = {"requester": str(person), "requester_email": person.email, "reason": request.reason, "link": link}
    for manager in chosen:
        emails.send("join_request", to=manager.email, context=_context(service, **words))
    emails.send("join_request_receipt", to=person.email, context=_context(service))


def join_approved(request: JoinRequest, *, by: Actor) -> None:
    emails.send("join_request_approved", to=request.requester.email, context=_context(request.service, by=str(by)))


def join_refused(request: JoinRequest, *, by: Actor) -> None:
    words = {"by": str(by), "contact": getattr(by, "email", settings.SUPPORT_EMAIL)}
    emails.send("join_request_refused", to=request.requester.email, context=_context(request.service, **words))
