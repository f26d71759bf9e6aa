"""What services answer for the apps to their left: what stands against archiving a person, and an organisation's services."""

from collections.abc import Iterator

from django.urls import reverse

from accounts import guardian
from accounts.email_domains import is_public_sector_email
from accounts.models import User
from accounts.slots import archive_guards, team_leavers
from notify.lib.refusals import Reason
from organisations.models import Organisation
from organisations.slots import ServiceLine, service_lines
from services.enums import ServiceState
from services.models import Membership, Service
from services.permissions import MANAGE_SERVICE
from services.queries.team import current_memberships, lasting_managers


@archive_guards.fill
def objections_to_archiving(user: User) -> Iterator[Reason]:
    """Teams that would be left empty or without enough managers (reference: domain-rules §1.1, team rule)."""
    memberships = Membership.objects.filter(user=user, service__archived_at=None).select_related("service")
    for membership in memberships:
        service = membership.service
        if not current_memberships(service).exclude(user=user).exists():
            yield Reason("alone", f"‘{service}’ would have no team members. Archive it or add somebody first")
        elif MANAGE_SERVICE in guardian.permissions_of(user, service) and is_public_sector_email(user.email):
            left = [p for p in lasting_managers(service) if p.pk != user.pk and is_public_sector_email(p.email)]
            needed = 1 if service.state == ServiceState.TRIAL else 2
            if len(left) < needed:
                yield Reason("managers", f"‘{service}’ would have too few people who can manage it")


@team_leavers.fill
def remove_from_services(user: User) -> None:
    """Take a person off every team, with everything they may do there."""
    for membership in Membership.objects.filter(user=user).select_related("service"):
        guardian.revoke_all(user, membership.service)
        membership.delete()


@service_lines.fill
def lines_of(organisation: Organisation) -> list[ServiceLine]:
    """The organisation's services that are not archived, by name: one query."""
    services = Service.objects.active().filter(organisation=organisation).select_related("go_live_requested_by")
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
