"""The team: invitations, permissions and leaving. Nobody else grants; archiving a person alone revokes elsewhere."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts import emails, guardian
from accounts.email_domains import is_public_sector_email
from accounts.models import User
from audit.actors import Actor
from audit.record import SYSTEM, record
from notify.lib import clock
from notify.lib.refusals import ActionRefused, Reason
from services.access import is_member, require
from services.enums import ServicePermission, ServiceState
from services.models import Membership, Service, ServiceInvitation
from services.permissions import MANAGE_SERVICE, SERVICE_PERMISSIONS
from services.queries.team import current_memberships, lasting_managers
from services.signals import member_removed
from services.slots import folders as folder_access

_SALT = "services.invitation"


class _Unchanged:
    """Says that a value stays as it is, where None means something else."""


UNCHANGED: Final = _Unchanged()


def invite(
    service: Service,
    *,
    email: str,
    permissions: Collection[str],
    by: Actor,
    folders: Sequence[str] | None = None,
    sign_in_method: str = "",
) -> ServiceInvitation:
    """Ask somebody by email to join the team; the link works for two days.

    `folders` are the ids of the template folders the person will open, None for all. An open invitation to the same address
    is replaced. Refuses people without manage_service, a bad address, somebody on the team, and unknown permissions,
    folders and sign-in methods.
    """
    require(by, service, MANAGE_SERVICE)
    email = _address(email)
    _known(permissions)
    with transaction.atomic():
        service = Service.objects.select_for_update().get(pk=service.pk)
        if service.archived_at is not None:
            raise ActionRefused("This service is archived")
        _own_folders(service, folders)
        _method_offered(service, sign_in_method)
        if current_memberships(service).filter(user__email=email).exists():
            raise ActionRefused(Reason("member", f"{email} is already a member of {service.name}", "email"))
        ServiceInvitation.objects.filter(service=service, email=email, status=ServiceInvitation.Status.PENDING).update(
            status=ServiceInvitation.Status.CANCELLED, answered_at=clock.now()
        )
        invitation = ServiceInvitation.objects.create(
            service=service,
            email=email,
            permissions=sorted(permissions),
            folders=folders or [],
            sees_all_folders=folders is None,
            sign_in_method=sign_in_method,
            invited_by=by if isinstance(by, User) else None,
        )
        record("invitation.sent", actor=by, subject=invitation, data={"email": email})
        _send(invitation, by)
    return invitation


def resend_invitation(invitation: ServiceInvitation, *, by: Actor) -> ServiceInvitation:
    """Send the email again; its two days begin anew."""
    require(by, invitation.service, MANAGE_SERVICE)
    with transaction.atomic():
        invitation = _pending(invitation)
        invitation.sent_at = clock.now()
        invitation.save(update_fields=["sent_at"])
        record("invitation.sent", actor=by, subject=invitation, data={"email": invitation.email})
        _send(invitation, by)
    return invitation


def cancel_invitation(invitation: ServiceInvitation, *, by: Actor) -> ServiceInvitation:
    """Make the link useless."""
    require(by, invitation.service, MANAGE_SERVICE)
    with transaction.atomic():
        invitation = _pending(invitation)
        invitation.status, invitation.answered_at = ServiceInvitation.Status.CANCELLED, clock.now()
        invitation.save(update_fields=["status", "answered_at"])
        record("invitation.cancelled", actor=by, subject=invitation, data={"email": invitation.email})
    return invitation


def accept_invitation(invitation: ServiceInvitation, *, by: User) -> Membership:
    """Join the team with the permissions, folders and sign-in method of the invitation.

    Refuses everybody but the person it was sent to, and an invitation that was answered, cancelled or is too old.
    """
    if by.email != invitation.email:
        raise ActionRefused(f"This invitation is for {invitation.email}: sign in with that address to accept it")
    with transaction.atomic():
        invitation = _pending(invitation)
        service = invitation.service
        if invitation.is_expired:
            raise ActionRefused("This invitation is older than two days: ask for a new one")
        if service.archived_at is not None:
            raise ActionRefused("This service is archived")
        invitation.status, invitation.answered_at = ServiceInvitation.Status.ACCEPTED, clock.now()
        invitation.save(update_fields=["status", "answered_at"])
        record("invitation.accepted", actor=by, subject=invitation)
        membership = add_member(service, user=by, permissions=invitation.permissions, by=by)
        if not invitation.sees_all_folders:
            folder_access.set_opened(membership, [str(one) for one in invitation.folders], by=SYSTEM)
        if invitation.sign_in_method and may_sign_in_by(service, by, invitation.sign_in_method):
            _set_sign_in_method(membership, invitation.sign_in_method, by=by)
    return membership


def add_member(service: Service, *, user: User, permissions: Collection[str], by: Actor) -> Membership:
    """Put a person on the team; for actions that have checked who asks. Adding twice only adds permissions.

    Somebody whose access had run out begins anew, with these permissions alone.
    """
    _known(permissions)
    with transaction.atomic():
        membership, created = Membership.objects.get_or_create(service=service, user=user)
        if not created and not is_member(user, service):
            guardian.revoke_all(user, service)
            membership.expires_at = membership.reminded_at = None
            membership.save(update_fields=["expires_at", "reminded_at"])
            created = True
        for permission in permissions:
            guardian.grant(user, permission, service)
        if created:
            record("member.added", actor=by, subject=membership, data={"person": str(user)})
    return membership


def change_permissions(
    membership: Membership,
    *,
    permissions: Collection[str],
    by: Actor,
    expires_at: datetime | _Unchanged | None = UNCHANGED,
    folders: Sequence[str] | _Unchanged | None = UNCHANGED,
) -> Membership:
    """Change what a person may do, which folders they open (None: all) and until when (None: for good).

    Refuses people without manage_service, unknown permissions and folders, a day in the past, and leaving the service
    without enough managers whose access does not end.
    """
    service = membership.service
    require(by, service, MANAGE_SERVICE)
    _known(permissions)
    if isinstance(expires_at, datetime) and expires_at <= clock.now():
        raise ActionRefused(Reason("past", "The last day of access must be in the future", "expires_on"))
    with transaction.atomic():
        service = Service.objects.select_for_update().get(pk=service.pk)
        membership = Membership.objects.select_related("user", "service").get(pk=membership.pk)
        user = membership.user
        before = guardian.permissions_of(user, service)
        if MANAGE_SERVICE in before and MANAGE_SERVICE not in permissions:
            _keep_enough_managers(service, without=user, field="permissions")
        elif isinstance(expires_at, datetime):
            _keep_a_member(service, without=user, field="expires_on")
            if MANAGE_SERVICE in before:
                _keep_enough_managers(service, without=user, field="expires_on")
        for permission in before - set(permissions):
            guardian.revoke(user, permission, service)
        for permission in set(permissions) - before:
            guardian.grant(user, permission, service)
        if before != set(permissions):
            words = {"person": str(user), "before": _words(before), "after": _words(permissions)}
            record("member.changed", actor=by, subject=membership, data=words)
        if not isinstance(expires_at, _Unchanged) and expires_at != membership.expires_at:
            membership.expires_at, membership.reminded_at = expires_at, None
            membership.save(update_fields=["expires_at", "reminded_at"])
            until = f"until {clock.local_day(expires_at):%-d %B %Y}" if expires_at else "for good"
            record("member.access_set", actor=by, subject=membership, data={"person": str(user), "until": until})
        if not isinstance(folders, _Unchanged):
            _own_folders(service, folders)
            if _folders_differ(membership, folders):
                folder_access.set_opened(membership, folders, by=SYSTEM)
                record("member.folders_set", actor=by, subject=membership, data={"person": str(user)})
    return membership


def set_sign_in_method(membership: Membership, *, method: str, by: Actor) -> Membership:
    """How a person signs in: by a code in a text, or by a link in an email.

    Refuses people without manage_service, oneself, a service without sign-in by email link, people who use a passkey or an
    app or are the platform's staff, and texts to people without a number.
    """
    require(by, membership.service, MANAGE_SERVICE)
    if getattr(by, "pk", None) == membership.user_id:
        raise ActionRefused("Change your own sign-in method on your account page")
    with transaction.atomic():
        service = Service.objects.select_for_update().get(pk=membership.service_id)
        membership = Membership.objects.select_related("user", "service").get(pk=membership.pk)
        _method_offered(service, method)
        if not may_sign_in_by(service, membership.user, method):
            who = f"{membership.user} cannot sign in that way"
            why = "they have no mobile number, or use a passkey or an app"
            raise ActionRefused(Reason("method", f"{who}: {why}", "sign_in_method"))
        _set_sign_in_method(membership, method, by=by)
    return membership


def may_sign_in_by(service: Service, user: User, method: str) -> bool:
    """Whether a team may choose this sign-in method for a person."""
    if not service.has_permission(ServicePermission.EMAIL_AUTH) or user.is_staff:
        return False
    if user.sign_in_method in (User.SignInMethod.PASSKEY, User.SignInMethod.TOTP):
        return False
    return method == User.SignInMethod.EMAIL or bool(user.mobile_number)


def remove_member(membership: Membership, *, by: Actor) -> None:
    """Take a person off the team, themselves included. Refuses to leave the service without enough managers."""
    service = membership.service
    if getattr(by, "pk", None) != membership.user_id:
        require(by, service, MANAGE_SERVICE)
    with transaction.atomic():
        service = Service.objects.select_for_update().get(pk=service.pk)
        user = membership.user
        _keep_a_member(service, without=user, field="")
        if MANAGE_SERVICE in guardian.permissions_of(user, service):
            _keep_enough_managers(service, without=user, field="permissions")
        guardian.revoke_all(user, service)
        record("member.removed", actor=by, subject=membership, data={"person": str(user)})
        membership.delete()
        member_removed.send(sender=Service, service=service, by=by, user=user)


def _keep_a_member(service: Service, *, without: User, field: str) -> None:
    if not current_memberships(service).filter(expires_at=None).exclude(user=without).exists():
        raise ActionRefused(Reason("alone", "Your service needs at least one team member whose access does not end", field))


def _keep_enough_managers(service: Service, *, without: User, field: str) -> None:
    """Two public-sector managers once a service is live or has asked; one in trial (reference: service-lifecycle §10)."""
    if not is_public_sector_email(without.email):
        return
    left = [p for p in lasting_managers(service) if p.pk != without.pk and is_public_sector_email(p.email)]
    needed = 1 if service.state == ServiceState.TRIAL else 2
    if len(left) < needed:
        people = "one person" if needed == 1 else "two people"
        raise ActionRefused(
            Reason(
                "managers",
                f"Your service needs at least {people} with a public sector email address who can manage settings, "
                "team and usage",
                field,
            )
        )


def _own_folders(service: Service, folders: Sequence[str] | None) -> None:
    if folders and set(folders) - {key for key, _ in folder_access.choices(service)}:
        raise ActionRefused(Reason("folder", "Choose folders of this service", "folders"))


def _folders_differ(membership: Membership, folders: Sequence[str] | None) -> bool:
    if membership.sees_all_folders or folders is None:
        return membership.sees_all_folders is not (folders is None)
    return set(folders) != set(folder_access.opened_by(membership))


def _method_offered(service: Service, method: str) -> None:
    if not method:
        return
    if method not in (User.SignInMethod.SMS, User.SignInMethod.EMAIL):
        raise ActionRefused(Reason("method", "Select text message code or email link", "sign_in_method"))
    if not service.has_permission(ServicePermission.EMAIL_AUTH):
        raise ActionRefused(Reason("method", "Your service does not let people sign in with an email link", "sign_in_method"))


def _set_sign_in_method(membership: Membership, method: str, *, by: Actor) -> None:
    user = membership.user
    if user.sign_in_method != method:
        user.sign_in_method = method
        user.save(update_fields=["sign_in_method"])
        words = {"person": str(user), "method": str(User.SignInMethod(method).label).lower()}
        record("member.sign_in_method_set", actor=by, subject=membership, data=words)


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
    locked = ServiceInvitation.objects.select_for_update(of=("self",)).select_related("service").get(pk=invitation.pk)
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


def _send(invitation: ServiceInvitation, by: Actor) -> None:
    emails.send(
        "service_invitation",
        to=invitation.email,
        context={
            "inviter": str(by),
            "service": invitation.service.name,
            "link": f"{settings.BASE_URL}/invitation/{invitation_token(invitation)}",
        },
    )
