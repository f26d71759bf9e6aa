"""Who belongs to an organisation: invitations, joining, what each person may do, leaving."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from accounts import emails, guardian
from accounts.models import User
from accounts.staff import person
from audit.actors import Actor
from audit.record import System, record
from notify.lib import clock
from notify.lib.refusals import ActionRefused, PermissionRefused, Reason
from organisations import access
from organisations.models import Organisation, OrganisationInvitation, OrganisationMember
from organisations.permissions import ORGANISATION_PERMISSIONS

_SALT = "organisations.invitation"


def _require_team_right(by: Actor, organisation: Organisation) -> None:
    if not isinstance(by, System) and not (isinstance(by, User) and access.may_manage_members(by, organisation)):
        raise PermissionRefused("Only members of this organisation can change its team")


def _allowed(by: Actor, organisation: Organisation, permissions: Iterable[str]) -> frozenset[str]:
    """The permissions asked for. Nobody gives away a right they do not hold themselves."""
    wanted = frozenset(permissions)
    if unknown := wanted - ORGANISATION_PERMISSIONS.keys():
        raise ActionRefused(Reason("permissions", f"Unknown permission: {', '.join(sorted(unknown))}", "permissions"))
    held = access.permissions_at(by, organisation) if isinstance(by, User) else frozenset()
    if not isinstance(by, System) and (missing := wanted - held):
        names = ", ".join(ORGANISATION_PERMISSIONS[codename] for codename in sorted(missing))
        raise ActionRefused(Reason("permissions", f"You cannot give a permission that you do not have: {names}", "permissions"))
    return wanted


@transaction.atomic
def invite(organisation: Organisation, *, email: str, permissions: Iterable[str], by: Actor) -> OrganisationInvitation:
    """Invite a person by email; the link works for two days. A new invitation replaces an expired one.

    Refuses people outside the team (PermissionRefused), a bad address, one that belongs to a member, one with an open
    invitation, and permissions the inviter does not hold (ActionRefused).
    """
    _require_team_right(by, organisation)
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise ActionRefused(
            Reason("email", "Enter an email address in the correct format, like name@example.gov.uk", "email")
        ) from None
    wanted = _allowed(by, organisation, permissions)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if OrganisationMember.objects.filter(organisation=organisation, user__email=email).exists():
        raise ActionRefused(Reason("member", f"{email} is already a member of this organisation", "email"))
    earlier = organisation.invitations.filter(email=email, status=OrganisationInvitation.Status.PENDING).first()
    if earlier and earlier.is_open:
        raise ActionRefused(Reason("invited", f"{email} already has an invitation", "email"))
    if earlier:
        _close(earlier, OrganisationInvitation.Status.CANCELLED)
    invitation = OrganisationInvitation.objects.create(
        organisation=organisation, email=email, permissions=sorted(wanted), invited_by=person(by)
    )
    data = {"email": email, "permissions": sorted(wanted)}
    record("organisation.member_invited", actor=by, subject=organisation, data=data)
    emails.send(
        "organisation_invitation",
        to=email,
        context={"organisation": organisation.name, "inviter": str(by), "link": invitation_link(invitation)},
    )
    return invitation


def invitation_link(invitation: OrganisationInvitation) -> str:
    """The signed address in the email; it proves that its reader reads that mailbox."""
    token = signing.Signer(salt=_SALT).sign(str(invitation.pk))
    return settings.BASE_URL + reverse("organisations:invitation-accept", kwargs={"token": token})


def invitation_from_token(token: str) -> OrganisationInvitation | None:
    """The invitation behind a link, whatever its state; None for a link we did not make."""
    try:
        key = signing.Signer(salt=_SALT).unsign(token)
    except signing.BadSignature:
        return None
    return OrganisationInvitation.objects.select_related("organisation", "invited_by").filter(pk=key).first()


@transaction.atomic
def cancel_invitation(invitation: OrganisationInvitation, *, by: Actor) -> None:
    """Take an invitation back; its link stops working. Refuses outsiders, and one that was answered."""
    _require_team_right(by, invitation.organisation)
    invitation = OrganisationInvitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.status != OrganisationInvitation.Status.PENDING:
        raise ActionRefused("This invitation has already been answered or cancelled")
    _close(invitation, OrganisationInvitation.Status.CANCELLED)
    data = {"email": invitation.email}
    record("organisation.invitation_cancelled", actor=by, subject=invitation.organisation, data=data)


@transaction.atomic
def accept_invitation(invitation: OrganisationInvitation, *, by: User) -> Organisation:
    """Join the organisation with the invitation's permissions. Accepting again is harmless.

    Refuses somebody else than the invited person (PermissionRefused), and one cancelled or expired (ActionRefused).
    """
    invitation = OrganisationInvitation.objects.select_for_update().get(pk=invitation.pk)
    organisation = invitation.organisation
    if by.email.lower() != invitation.email.lower():
        raise PermissionRefused(f"This invitation is for {invitation.email}")
    if invitation.status == OrganisationInvitation.Status.ACCEPTED:
        return organisation
    if not invitation.is_open or organisation.archived_at:
        raise ActionRefused("This invitation has expired or was cancelled. Ask the person who invited you for a new one")
    OrganisationMember.objects.get_or_create(organisation=organisation, user=by)
    for codename in invitation.permissions:
        guardian.grant(by, codename, organisation)
    _close(invitation, OrganisationInvitation.Status.ACCEPTED)
    data = {"email": by.email, "permissions": invitation.permissions}
    record("organisation.member_joined", actor=by, subject=organisation, data=data)
    return organisation


@transaction.atomic
def add_member(organisation: Organisation, *, user: User, by: Actor, permissions: Iterable[str] = ()) -> None:
    """Add a person at once, without an invitation: staff only. Adding a member again sets the permissions."""
    access.require_staff(by)
    wanted = _allowed(by, organisation, permissions)
    OrganisationMember.objects.get_or_create(organisation=organisation, user=user)
    _set(organisation, user, wanted)
    data = {"email": user.email, "permissions": sorted(wanted)}
    record("organisation.member_added", actor=by, subject=organisation, data=data)


@transaction.atomic
def change_permissions(organisation: Organisation, *, user: User, permissions: Iterable[str], by: Actor) -> None:
    """Set what a member may do. Refuses outsiders, changing yourself, and giving or taking what you do not hold."""
    _require_team_right(by, organisation)
    if by == user:
        raise ActionRefused("You cannot change your own permissions")
    _member(organisation, user)
    wanted = frozenset(permissions)
    before = guardian.permissions_of(user, organisation)
    _allowed(by, organisation, wanted ^ before)
    _set(organisation, user, wanted)
    data = {"email": user.email, "before": sorted(before), "after": sorted(wanted)}
    record("organisation.member_permissions_changed", actor=by, subject=organisation, data=data)


@transaction.atomic
def remove_member(organisation: Organisation, *, user: User, by: Actor) -> None:
    """Take a person off the team, with everything they may do. Refuses outsiders, and a person who is no member."""
    _require_team_right(by, organisation)
    _member(organisation, user).delete()
    guardian.revoke_all(user, organisation)
    record("organisation.member_removed", actor=by, subject=organisation, data={"email": user.email})


def member_or_none(organisation: Organisation, user_id: UUID) -> User | None:
    """The person with this id if they are a member."""
    return get_user_model()._default_manager.filter(pk=user_id, organisation_memberships__organisation=organisation).first()


def _member(organisation: Organisation, user: User) -> OrganisationMember:
    membership = OrganisationMember.objects.select_for_update().filter(organisation=organisation, user=user).first()
    if membership is None:
        raise ActionRefused("This person is not a member of the organisation")
    return membership


def _set(organisation: Organisation, user: User, wanted: frozenset[str]) -> None:
    for codename in ORGANISATION_PERMISSIONS:
        change = guardian.grant if codename in wanted else guardian.revoke
        change(user, codename, organisation)


def _close(invitation: OrganisationInvitation, status: str) -> None:
    invitation.status = status
    invitation.answered_at = clock.now()
    invitation.save(update_fields=["status", "answered_at"])
