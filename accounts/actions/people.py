"""What the platform's staff do with people's accounts."""

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.db import transaction

from accounts import slots, staff
from accounts.models import User
from audit.actors import Actor
from audit.record import record
from notify.lib import clock
from notify.lib.refusals import ActionRefused, PermissionRefused, Reason

CHANGE = "accounts.change_user"


def archive_blockers(user: User) -> list[Reason]:
    """Why a person's account cannot be archived; the page shows the same list."""
    if user.archived_at is not None:
        return [Reason("archived", "This account is archived already")]
    return [reason for guard in slots.archive_guards for reason in guard(user)]


@transaction.atomic
def archive_user(user: User, *, by: Actor) -> User:
    """Close an account for good: signs the person out, takes them off every team, frees the email address.

    Refuses people who are not staff (PermissionRefused), oneself, and a person a team cannot do without (ActionRefused).
    """
    _require(by, user)
    if by == user:
        raise ActionRefused("You cannot archive your own account")
    user = User.objects.select_for_update().get(pk=user.pk)
    if reasons := archive_blockers(user):
        raise ActionRefused(*reasons)
    for leave in slots.team_leavers:
        leave(user)
    email = user.email
    moment = clock.now()
    user.email = f"archived_{moment:%Y%m%d%H%M%S}_{str(user.pk)[-6:]}_{email}"[:320]
    user.archived_at, user.is_active, user.is_staff, user.is_superuser = moment, False, False, False
    user.mobile_number, user.mobile_verified = "", False
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    _remove_second_factors(user)
    _end_sessions(user)
    record("person.archived", actor=by, subject=user, data={"email": email})
    return user


@transaction.atomic
def change_sign_in_method(user: User, *, method: str, by: Actor) -> User:
    """Change what follows a person's password: a text or an email.

    Refuses texts to people without a number, and people with a passkey or an app.
    """
    _require(by, user)
    user = User.objects.select_for_update().get(pk=user.pk)
    if method not in (User.SignInMethod.SMS, User.SignInMethod.EMAIL):
        raise ActionRefused(Reason("method", "Select text message code or email link", "method"))
    if user.sign_in_method in (User.SignInMethod.PASSKEY, User.SignInMethod.TOTP):
        raise ActionRefused("This person uses a passkey or an app. Reset their second factor instead")
    if method == User.SignInMethod.SMS and not user.mobile_number:
        raise ActionRefused(Reason("number", "This person has no mobile number", "method"))
    before, user.sign_in_method = user.sign_in_method, method
    user.save(update_fields=["sign_in_method"])
    record("person.sign_in_method_set", actor=by, subject=user, data={"before": before, "after": method})
    return user


@transaction.atomic
def reset_second_factor(user: User, *, reason: str, by: Actor) -> User:
    """Forget a person's passkeys, apps and recovery codes; they sign in with a code until they add new ones.

    Ends their sessions. Refuses people who are not staff, oneself, and a missing reason.
    """
    _require(by, user)
    if by == user:
        raise ActionRefused("You cannot reset your own second factor here. Do it on your account page")
    if not reason.strip():
        raise ActionRefused(Reason("reason", "Say how you made sure that it is this person who asks", "reason"))
    user = User.objects.select_for_update().get(pk=user.pk)
    _remove_second_factors(user)
    user.sign_in_method = User.SignInMethod.SMS if user.mobile_verified else User.SignInMethod.EMAIL
    user.failed_sign_ins = 0
    user.save(update_fields=["sign_in_method", "failed_sign_ins"])
    _end_sessions(user)
    record("person.second_factor_reset", actor=by, subject=user, data={"reason": reason.strip()})
    return user


@transaction.atomic
def end_sessions(user: User, *, by: Actor) -> None:
    """Sign a person out everywhere."""
    _require(by, user)
    _end_sessions(user)
    record("person.sessions_ended", actor=by, subject=user)


@transaction.atomic
def set_staff_groups(user: User, *, groups: Iterable[Group], by: Actor) -> User:
    """Decide which back-office groups a person is in; without any they are no staff. Only superusers may, not for themselves.

    Refuses everybody else (PermissionRefused), and a person whose account is closed (ActionRefused).
    """
    if not (isinstance(by, User) and by.is_superuser and by.is_active):
        raise PermissionRefused("Only superusers decide who belongs to the platform’s staff")
    if by == user:
        raise ActionRefused("You cannot change your own groups")
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise ActionRefused("This account is closed")
    wanted = list(groups)
    before = sorted(user.groups.values_list("name", flat=True))
    user.groups.set(wanted)
    user.is_staff = bool(wanted) or user.is_superuser
    user.save(update_fields=["is_staff"])
    after = sorted(group.name for group in wanted)
    record("person.groups_set", actor=by, subject=user, data={"before": before, "after": after})
    return user


def _require(by: Actor, user: User) -> None:
    """Staff may change people, but only superusers the accounts of superusers."""
    staff.require(by, CHANGE)
    if user.is_superuser and not getattr(by, "is_superuser", False):
        raise PermissionRefused("Only superusers can change the account of a superuser")


def _remove_second_factors(user: User) -> None:
    Authenticator.objects.filter(user=user).delete()


def _end_sessions(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()
