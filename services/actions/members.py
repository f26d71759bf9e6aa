"""The team: invitations, permissions and leaving. The only place that grants or revokes."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts import guardian, platform_mail
from accounts.models import User
from accounts.public_sector import is_public_sector_email
from audit.record import record
from notify.lib import clock
from notify.lib.refusals import ActionRefused, Reason
from services.access import require
from services.enums import ServiceState
from services.models import Membership, Service, ServiceInvitation
from services.permissions import MANAGE_SERVICE, SERVICE_PERMISSIONS
from services.queries import current_memberships, managers
from services.signals import member_removed

_SALT = "services.invitation"


def invite(service: Service, *, email: str, permissions: Collection[str], by: Any) -> ServiceInvitation:
    """Ask somebody by email to join the team; the link works for two days.

    An open invitation to the same address is replaced. Refuses people without manage_service, a bad address, somebody on the
    team, and unknown permissions.
    """
    require(by, service, MANAGE_SERVICE)
    email = _address(email)
    _known(permissions)
    with transaction.atomic():
        service = Service.objects.select_for_update().get(pk=service.pk)
        if Membership.objects.filter(service=service, user__email=email).exists():
            raise ActionRefused(Reason("member", f"{email} is already a member of {service.name}", "email"))
        ServiceInvitation.objects.filter(service=service, email=email, status=ServiceInvitation.Status.PENDING).update(
            status=ServiceInvitation.Status.CANCELLED, answered_at=clock.now()
        )
        invitation = ServiceInvitation.objects.create(
            service=service,
            email=email,
            permissions=sorted(permissions),
            invited_by=by if isinstance(by, User) else None,
        )
        record("invitation.sent", actor=by, subject=invitation, data={"email": email})
        _send(invitation, by)
    return invitation


def resend_invitation(invitation: ServiceInvitation, *, by: Any) -> ServiceInvitation:
    """Send the email again; its two days begin anew."""
    require(by, invitation.service, MANAGE_SERVICE)
    with transaction.atomic():
        invitation = _pending(invitation)
        invitation.sent_at = clock.now()
        invitation.save(update_fields=["sent_at"])
        record("invitation.sent", actor=by, subject=invitation, data={"email": invitation.email})
        _send(invitation, by)
    return invitation


def cancel_invitation(invitation: ServiceInvitation, *, by: Any) -> ServiceInvitation:
    """Make the link useless."""
    require(by, invitation.service, MANAGE_SERVICE)
    with transaction.atomic():
        invitation = _pending(invitation)
        invitation.status, invitation.answered_at = ServiceInvitation.Status.CANCELLED, clock.now()
        invitation.save(update_fields=["status", "answered_at"])
        record("invitation.cancelled", actor=by, subject=invitation, data={"email": invitation.email})
    return invitation


def accept_invitation(invitation: ServiceInvitation, *, by: User) -> Membership:
    """Join the team with the permissions of the invitation. Refuses everybody but the person it was sent to."""
    if by.email != invitation.email:
        raise ActionRefused(f"This invitation is for {invitation.email}: sign in with that address to accept it")
    with transaction.atomic():
        invitation = _pending(invitation)
        if invitation.is_expired:
            raise ActionRefused("This invitation is older than two days: ask for a new one")
        invitation.status, invitation.answered_at = ServiceInvitation.Status.ACCEPTED, clock.now()
        invitation.save(update_fields=["status", "answered_at"])
        record("invitation.accepted", actor=by, subject=invitation)
        return add_member(invitation.service, user=by, permissions=invitation.permissions, by=by)


def add_member(service: Service, *, user: User, permissions: Collection[str], by: Any) -> Membership:
    """Put a person on the team; for actions that have checked who asks. Adding twice only adds permissions."""
    _known(permissions)
    with transaction.atomic():
        membership, created = Membership.objects.get_or_create(service=service, user=user)
        for permission in permissions:
            guardian.grant(user, permission, service)
        if created:
            record("member.added", actor=by, subject=membership, data={"person": str(user)})
    return membership


def change_permissions(
    membership: Membership, *, permissions: Collection[str], by: Any, expires_at: datetime | None = None
) -> Membership:
    """Change what a person may do and until when. Refuses to leave the service without enough managers."""
    service = membership.service
    require(by, service, MANAGE_SERVICE)
    _known(permissions)
    if expires_at is not None and expires_at <= clock.now():
        raise ActionRefused(Reason("past", "The last day of access must be in the future", "expires_at"))
    with transaction.atomic():
        service = Service.objects.select_for_update().get(pk=service.pk)
        user = membership.user
        before = guardian.permissions_of(user, service)
        if MANAGE_SERVICE in before and MANAGE_SERVICE not in permissions:
            _keep_enough_managers(service, without=user)
        for permission in before - set(permissions):
            guardian.revoke(user, permission, service)
        for permission in set(permissions) - before:
            guardian.grant(user, permission, service)
        membership.expires_at = expires_at
        membership.save(update_fields=["expires_at"])
        record(
            "member.changed",
            actor=by,
            subject=membership,
            data={"person": str(user), "before": _words(before), "after": _words(permissions)},
        )
    return membership


def remove_member(membership: Membership, *, by: Any) -> None:
    """Take a person off the team, themselves included. Refuses to leave the service without enough managers."""
    service = membership.service
    if getattr(by, "pk", None) != membership.user_id:
        require(by, service, MANAGE_SERVICE)
    with transaction.atomic():
        service = Service.objects.select_for_update().get(pk=service.pk)
        user = membership.user
        if current_memberships(service).exclude(user=user).count() == 0:
            raise ActionRefused("You cannot remove the only team member")
        if MANAGE_SERVICE in guardian.permissions_of(user, service):
            _keep_enough_managers(service, without=user)
        guardian.revoke_all(user, service)
        record("member.removed", actor=by, subject=membership, data={"person": str(user)})
        membership.delete()
        member_removed.send(sender=Service, service=service, by=by, user=user)


def _keep_enough_managers(service: Service, *, without: User) -> None:
    """Two public-sector managers once a service is live or has asked; one in trial (reference: service-lifecycle §10)."""
    if not is_public_sector_email(without.email):
        return
    left = [p for p in managers(service) if p.pk != without.pk and is_public_sector_email(p.email)]
    needed = 1 if service.state == ServiceState.TRIAL else 2
    if len(left) < needed:
        people = "one person" if needed == 1 else "two people"
        raise ActionRefused(
            Reason(
                "managers",
                f"Your service needs at least {people} with a public sector email address who can manage settings, "
                "team and usage",
                "permissions",
            )
        )


def _words(permissions: Collection[str]) -> str:
    return ", ".join(label for key, label in SERVICE_PERMISSIONS.items() if key in permissions) or "nothing"


def _known(permissions: Collection[str]) -> None:
    if unknown := set(permissions) - set(SERVICE_PERMISSIONS):
        raise ActionRefused(Reason("unknown", f"There is no permission {sorted(unknown)[0]}", "permissions"))


def _address(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise ActionRefused(
            Reason("invalid", "Enter an email address in the correct format, like name@example.gov.uk", "email")
        ) from error
    return email


def _pending(invitation: ServiceInvitation) -> ServiceInvitation:
    locked = ServiceInvitation.objects.select_for_update().select_related("service").get(pk=invitation.pk)
    if locked.status == ServiceInvitation.Status.CANCELLED:
        raise ActionRefused("This invitation was cancelled: ask for a new one")
    if locked.status == ServiceInvitation.Status.ACCEPTED:
        raise ActionRefused("This invitation has been accepted already")
    return locked


def invitation_token(invitation: ServiceInvitation) -> str:
    """The secret part of the link."""
    return signing.dumps(str(invitation.pk), salt=_SALT)


def invitation_from(token: str) -> ServiceInvitation | None:
    """The invitation of a link, whatever its state; None for a link we did not make."""
    try:
        key = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return ServiceInvitation.objects.select_related("service").filter(pk=key).first()


def _send(invitation: ServiceInvitation, by: Any) -> None:
    platform_mail.send(
        "service_invitation",
        to=invitation.email,
        context={
            "inviter": str(by),
            "service": invitation.service.name,
            "link": f"{settings.BASE_URL}/invitation/{invitation_token(invitation)}",
        },
    )
