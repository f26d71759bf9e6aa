"""Trial → pending → live and back, and the two pauses beside them: suspended and archived.

Every action locks and reloads the row, checks the permission itself, moves, saves and audits in one transaction, and tells
everyone concerned afterwards. What a transition's guards (services.guards) refuse becomes the reasons of the refusal. The row
lock settles two people at once: the second one is refused with a clear sentence.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction

from accounts import staff
from accounts.email_domains import is_public_sector_email
from accounts.models import User
from audit.actors import Actor
from audit.record import SYSTEM, System, record
from content import email_sender_local_part
from notify.lib import clock
from notify.lib.refusals import ActionRefused, PermissionRefused, Reason
from organisations.queries import may_make_services_live
from services.access import CHANGE, require
from services.actions import team_emails
from services.actions.create import check_name
from services.enums import Channel, ServiceState
from services.guards import not_archived, not_suspended, unmet
from services.models import ApiKey, Service
from services.permissions import MANAGE_SERVICE
from services.queries.checklist import has_templates
from services.signals import (
    service_archived,
    service_restored,
    service_resumed,
    service_returned_to_trial,
    service_suspended,
    service_went_live,
)

UNDO_WINDOW = timedelta(days=7)


def may_answer_request(user: User, service: Service) -> bool:
    """Staff may answer go-live requests; so may the organisation's people where it approves its own."""
    return staff.may(user, "services.approve_go_live") or may_make_services_live(user, service.organisation)


def request_go_live(service: Service, *, by: Actor) -> Service:
    """Ask for approval: trial → pending; tells the approvers.

    Refuses people without manage_service or without a public-sector address, a service that is not in trial or is paused,
    and outstanding checklist items (services.guards.GoLiveBlocked).
    """
    require(by, service, MANAGE_SERVICE)
    if not isinstance(by, System) and not is_public_sector_email(getattr(by, "email", "")):
        raise PermissionRefused("Only people with a public sector email address can ask for a service to go live")
    with transaction.atomic():
        service = Service.objects.locked(service.pk)
        _refuse_paused(service)
        if service.state != ServiceState.TRIAL:
            raise ActionRefused(_already(service))
        _move(service.request_to_go_live, by=staff.person(by))
        service.save(update_fields=["state", "go_live_requested_at", "go_live_requested_by", "go_live_rejection_reason"])
        record("service.go_live_requested", actor=by, subject=service)
        team_emails.go_live_requested(service)
    return service


def withdraw_go_live(service: Service, *, by: Actor) -> Service:
    """Take the request back: pending → trial. Refuses a service without an open request."""
    require(by, service, MANAGE_SERVICE)
    with transaction.atomic():
        service = Service.objects.locked(service.pk)
        _need_open_request(service)
        _move(service.withdraw_request)
        service.save(update_fields=["state", "go_live_requested_at", "go_live_requested_by"])
        record("service.go_live_withdrawn", actor=by, subject=service)
        team_emails.go_live_withdrawn(service, by=by)
    return service


def approve_go_live(service: Service, *, by: Actor) -> Service:
    """Make a pending service live; tells its team.

    An email channel without templates and without an estimate is switched off. Refuses people who may not answer requests,
    the person who made it, a service without an organisation or without an open request, and one whose checklist came
    undone since.
    """
    _require_answer(by, service)
    with transaction.atomic():
        service = Service.objects.locked(service.pk)
        _refuse_paused(service)
        _need_open_request(service)
        _refuse_own_request(service, by)
        _move(service.approve_go_live)
        if not service.volume_email and not has_templates(service, Channel.EMAIL):
            service.permissions = [p for p in service.permissions if p != Channel.EMAIL]
        service.save(update_fields=["state", "went_live_at", "permissions"])
        record("service.went_live", actor=by, subject=service)
        service_went_live.send(sender=Service, service=service, by=by)
        team_emails.went_live(service)
    return service


def reject_go_live(service: Service, *, reason: str, by: Actor) -> Service:
    """Send a pending service back to trial with a reason, which its requester reads in an email."""
    _require_answer(by, service)
    reason = _needed(reason)
    with transaction.atomic():
        service = Service.objects.locked(service.pk)
        _need_open_request(service)
        requester = service.go_live_requested_by
        _move(service.reject_go_live, reason=reason)
        service.save(update_fields=["state", "go_live_requested_at", "go_live_requested_by", "go_live_rejection_reason"])
        record("service.go_live_rejected", actor=by, subject=service, data={"reason": reason})
        team_emails.go_live_rejected(service, requester=requester, reason=reason, by=by)
    return service


def return_to_trial(service: Service, *, reason: str, by: Actor) -> Service:
    """Put a live service back into trial mode; staff only. Live keys stop reaching strangers at once."""
    staff.require(by, CHANGE)
    reason = _needed(reason)
    with transaction.atomic():
        service = Service.objects.locked(service.pk)
        if not service.is_live:
            raise ActionRefused("This service is not live")
        _move(service.return_to_trial)
        service.save(update_fields=["state", "went_live_at", "go_live_requested_at", "go_live_requested_by"])
        record("service.returned_to_trial", actor=by, subject=service, data={"reason": reason})
        service_returned_to_trial.send(sender=Service, service=service, by=by)
        team_emails.to_team(service, "service_returned_to_trial", reason=reason)
    return service


def suspend(service: Service, *, reason: str, by: Actor) -> Service:
    """Pause a service: nothing is accepted, and what waits to be sent waits on. Staff only."""
    staff.require(by, CHANGE)
    reason = _needed(reason)
    with transaction.atomic():
        service = Service.objects.locked(service.pk)
        _refuse_paused(service)
        service.suspended_at = clock.now()
        service.save(update_fields=["suspended_at"])
        record("service.suspended", actor=by, subject=service, data={"reason": reason})
        service_suspended.send(sender=Service, service=service, by=by)
        team_emails.to_team(service, "service_suspended", reason=reason)
    return service


def resume(service: Service, *, by: Actor) -> Service:
    """End a suspension; what waited is sent. Staff only."""
    staff.require(by, CHANGE)
    with transaction.atomic():
        service = Service.objects.locked(service.pk)
        if service.suspended_at is None:
            raise ActionRefused("This service is not suspended")
        service.suspended_at = None
        service.save(update_fields=["suspended_at"])
        record("service.resumed", actor=by, subject=service)
        service_resumed.send(sender=Service, service=service, by=by)
        team_emails.to_team(service, "service_resumed")
    return service


def archive(service: Service, *, by: Actor) -> Service:
    """Delete a service: its keys stop working, what waits is not sent, its name becomes free; its team is told.

    It can be restored for 7 days. Managers may archive a service that is not live; a live one only staff.
    """
    require(by, service, MANAGE_SERVICE)
    with transaction.atomic():
        service = Service.objects.locked(service.pk)
        if service.is_live:
            staff.require(by, CHANGE)
        if service.archived_at is not None:
            raise ActionRefused("This service is archived already")
        moment = clock.now()
        if service.state == ServiceState.PENDING:
            _move(service.withdraw_request)
        team_emails.to_team(service, "service_archived", by=str(by), until=moment + UNDO_WINDOW)
        # Keys that were replaced and still in their overlap end too.
        ApiKey.objects.filter(service=service).usable().update(revoked_at=moment)
        service.archived_name = service.name
        service.name = f"_archived_{moment:%Y-%m-%d-%H:%M:%S}_{service.name}"[:255]
        service.normalised_name = f"archived.{service.pk}"
        service.archived_at = moment
        service.save()
        record("service.archived", actor=by, subject=service, data={"name": service.archived_name})
        service_archived.send(sender=Service, service=service, by=by)
    return service


def restore(service: Service, *, by: Actor, name: str = "") -> Service:
    """Undo an archive within 7 days; its team is told. Keys stay revoked, and what was not sent stays unsent.

    Whoever may archive it may restore it. Where the old name has been taken since, another one has to be given, which then
    needs confirming. Refuses a service that is not archived, or has been for longer.
    """
    require(by, service, MANAGE_SERVICE)
    with transaction.atomic():
        service = Service.objects.locked(service.pk)
        if service.is_live:
            staff.require(by, CHANGE)
        if service.archived_at is None:
            raise ActionRefused("This service is not archived")
        if clock.now() - service.archived_at > UNDO_WINDOW:
            raise ActionRefused("A service can be restored for 7 days after it was archived, and this time is over")
        wanted = check_name(name or service.archived_name, but_not=service)
        if wanted != service.archived_name:
            service.confirmed_unique = False
        service.name, service.normalised_name = wanted, email_sender_local_part(wanted)
        service.archived_name, service.archived_at = "", None
        service.save(update_fields=["name", "normalised_name", "archived_name", "archived_at", "confirmed_unique"])
        record("service.restored", actor=by, subject=service)
        service_restored.send(sender=Service, service=service, by=by)
        team_emails.to_team(service, "service_restored", by=str(by))
    return service


def _move(transition: Callable[..., None], **fields: Any) -> None:
    """Run a transition like `service.approve_go_live`; what one of its guards refuses is refused in the guard's words."""
    if guard := unmet(transition):
        raise guard.refusal(transition.__self__)  # type: ignore[attr-defined]
    transition(**fields)


def _require_answer(by: Actor, service: Service) -> None:
    if by is not SYSTEM and not (isinstance(by, User) and may_answer_request(by, service)):
        raise PermissionRefused("You cannot answer go-live requests of this service")


def _need_open_request(service: Service) -> None:
    if service.state != ServiceState.PENDING:
        raise ActionRefused(_already(service))


def _refuse_own_request(service: Service, by: Actor) -> None:
    """Two people stand behind every live service; only a superuser, who may be alone on a small platform, is let past."""
    asked_by = service.go_live_requested_by_id
    if isinstance(by, User) and by.pk == asked_by and not by.is_superuser:
        raise ActionRefused("Somebody else has to answer a request that you made yourself")


def _refuse_paused(service: Service) -> None:
    for guard in (not_archived, not_suspended):
        if not guard(service):
            raise guard.refusal(service)


def _already(service: Service) -> str:
    return {
        ServiceState.LIVE: "This service is live already",
        ServiceState.PENDING: "There is an open request for this service already",
    }.get(service.state, "There is no open request for this service: it may have been withdrawn or answered")


def _needed(reason: str) -> str:
    if not reason.strip():
        raise ActionRefused(Reason("required", "Enter a reason", "reason"))
    return reason.strip()
