"""Asking to join the team of a service of one's own organisation, and the answer of its managers."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction

from accounts.models import User
from audit.actors import Actor
from audit.record import record
from notify.lib import clock
from notify.lib.refusals import ActionRefused, PermissionRefused, Reason
from organisations.queries import organisation_for_email
from services.access import is_member, require
from services.actions import team_emails
from services.actions.members import add_member, change_permissions
from services.enums import ServiceState
from services.models import JoinRequest, Membership, Service
from services.permissions import MANAGE_SERVICE
from services.queries.team import managers


def may_ask_to_join(user: User, service: Service) -> bool:
    """People of an organisation that allows it may ask to join its services."""
    mine = organisation_for_email(user.email)
    return (
        mine is not None
        and mine.can_ask_to_join_a_service
        and service.organisation_id == mine.pk
        and service.archived_at is None
    )


def services_to_join(user: User) -> list[Service]:
    """The live services of a person's organisation that they do not belong to, by name."""
    mine = organisation_for_email(user.email)
    if mine is None or not mine.can_ask_to_join_a_service:
        return []
    live = Service.objects.active().filter(organisation=mine, state=ServiceState.LIVE)
    joined = Service.objects.visible_to(user).values("pk")
    return list(live.exclude(pk__in=joined).order_by("name"))


def ask_to_join(service: Service, *, managers_asked: Sequence[Any], reason: str, by: User) -> JoinRequest:
    """Ask chosen managers to be let onto the team; each gets an email, and the requester a receipt.

    An open request is replaced. Refuses people of another organisation (PermissionRefused), members, nobody chosen, and
    people who do not manage the service.
    """
    if not may_ask_to_join(by, service):
        raise PermissionRefused("You cannot ask to join this service")
    with transaction.atomic():
        service = Service.objects.select_for_update().get(pk=service.pk)
        if is_member(by, service):
            raise ActionRefused("You are a member of this service already")
        chosen = [person for person in managers(service) if str(person.pk) in set(map(str, managers_asked))]
        if not chosen or len(chosen) != len(set(map(str, managers_asked))):
            raise ActionRefused(Reason("required", "Select at least one person to ask", "managers"))
        JoinRequest.objects.filter(service=service, requester=by, status=JoinRequest.Status.PENDING).update(
            status=JoinRequest.Status.CANCELLED, answered_at=clock.now()
        )
        request = JoinRequest.objects.create(service=service, requester=by, reason=reason.strip()[:2000])
        request.asked.set(chosen)
        record("join_request.made", actor=by, subject=request, service_id=service.pk)
        team_emails.join_requested(request, chosen)
    return request


def approve_join(
    request: JoinRequest, *, permissions: Collection[str], by: Actor, folders: Sequence[str] | None = None
) -> Membership:
    """Let somebody onto the team with these permissions and folders (None: all); they get an email.

    Refuses people without manage_service, unknown permissions, and a request that has been answered.
    """
    require(by, request.service, MANAGE_SERVICE)
    with transaction.atomic():
        request = _open(request)
        membership = add_member(request.service, user=request.requester, permissions=permissions, by=by)
        if folders is not None:
            change_permissions(membership, permissions=permissions, folders=folders, by=by)
        _answer(request, JoinRequest.Status.APPROVED, by)
        record("join_request.approved", actor=by, subject=request, data={"person": str(request.requester)})
        team_emails.join_approved(request, by=by)
    return membership


def refuse_join(request: JoinRequest, *, by: Actor) -> JoinRequest:
    """Refuse; the person gets an email that names whom to talk to. Refuses a request that has been answered."""
    require(by, request.service, MANAGE_SERVICE)
    with transaction.atomic():
        request = _open(request)
        _answer(request, JoinRequest.Status.REFUSED, by)
        record("join_request.refused", actor=by, subject=request, data={"person": str(request.requester)})
        team_emails.join_refused(request, by=by)
    return request


def _open(request: JoinRequest) -> JoinRequest:
    locked = JoinRequest.objects.select_for_update(of=("self",)).select_related("service", "requester").get(pk=request.pk)
    if locked.service.archived_at is not None:
        raise ActionRefused("This service is archived")
    if locked.status != JoinRequest.Status.PENDING:
        who = f" by {locked.answered_by}" if locked.answered_by else ""
        raise ActionRefused(f"This request has been answered already{who}: {locked.get_status_display().lower()}")
    if is_member(locked.requester, locked.service):
        raise ActionRefused(f"{locked.requester} is a member of the team already")
    return locked


def _answer(request: JoinRequest, status: str, by: Actor) -> None:
    request.status, request.answered_at = status, clock.now()
    request.answered_by = by if isinstance(by, User) else None
    request.save(update_fields=["status", "answered_at", "answered_by"])
