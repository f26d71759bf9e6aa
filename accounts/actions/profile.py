"""What people change about their own account. Each proves first who they are; the views see to that."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts import emails
from accounts.email_domains import is_public_sector_email
from accounts.models import User
from accounts.sign_in import second_factors, tokens
from audit.record import record
from notify.lib import clock
from notify.lib.refusals import ActionRefused, Reason


@transaction.atomic
def change_name(user: User, *, name: str, by: User) -> User:
    """Change the name that colleagues see."""
    user = _lock_own(user, by)
    before, user.name = user.name, name
    user.save(update_fields=["name"])
    record("account.name_changed", actor=by, subject=user, data={"before": before, "after": name})
    return user


@transaction.atomic
def ask_email_change(user: User, *, email: str, by: User) -> None:
    """Send a link to a new address; nothing changes before somebody opens it there.

    Refuses an address that is the same (ActionRefused) or, for people of the public sector, not of the public sector. An
    address that another account has gets a note instead of a link, so that nobody learns whose addresses are known.
    """
    user = _lock_own(user, by)
    if email == user.email:
        raise ActionRefused(Reason("same", "This is your email address already", "email"))
    if not is_public_sector_email(email):
        raise ActionRefused(Reason("not_public_sector", "Enter a public sector email address", "email"))
    if User.objects.filter(email=email).exists():
        emails.send("account_exists", to=email, context={})
    else:
        token = tokens.sign_email_change(tokens.EmailChange(user.pk, user.email, email))
        link = settings.BASE_URL + reverse("account_confirm_email_change", args=[token])
        emails.send("change_email", to=email, context={"name": user.name, "link": link})
    record("account.email_change_asked", actor=by, subject=user, data={"after": email})


@transaction.atomic
def change_email(change: tokens.EmailChange) -> User:
    """Change the address, as the link in the new mailbox asks; the old mailbox is told.

    Refuses a link that was used, or outlived by another change, and an address taken meanwhile (ActionRefused).
    """
    user = User.objects.select_for_update().filter(pk=change.user_id, is_active=True).first()
    if user is None or user.email != change.before:
        raise ActionRefused("This link was used already, or you asked for another one since")
    user.email, user.email_access_validated_at = change.after, clock.now()
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "email_access_validated_at"])
            EmailAddress.objects.filter(user=user).delete()
            EmailAddress.objects.create(user=user, email=change.after, verified=True, primary=True)
    except IntegrityError:
        raise ActionRefused("There is an account with this email address already") from None
    emails.send("email_changed", to=change.before, context={"name": user.name, "email": change.after})
    record("account.email_changed", actor=user, subject=user, data={"before": change.before, "after": change.after})
    return user


@transaction.atomic
def change_mobile(user: User, *, number: str, by: User) -> User:
    """Store a number that was proved by a code; the mailbox is told."""
    user = _lock_own(user, by)
    user.mobile_number, user.mobile_verified = number, True
    user.save(update_fields=["mobile_number", "mobile_verified"])
    emails.send("mobile_changed", to=user.email, context={"name": user.name})
    record("account.mobile_changed", actor=by, subject=user)
    return user


@transaction.atomic
def remove_mobile(user: User, *, by: User) -> User:
    """Forget the number. Refuses people whose codes go there, and staff who have nothing stronger than email then."""
    user = _lock_own(user, by)
    strong = second_factors.has_app_or_passkey(user)
    if user.sign_in_method == User.SignInMethod.SMS or (user.is_staff and not strong):
        raise ActionRefused("You sign in with codes to this number. Choose another way to sign in first")
    user.mobile_number, user.mobile_verified = "", False
    user.save(update_fields=["mobile_number", "mobile_verified"])
    record("account.mobile_removed", actor=by, subject=user)
    return user


@transaction.atomic
def change_method(user: User, *, method: str, by: User) -> User:
    """Choose texts or emails for sign-in codes.

    Refuses texts without a proven number, emails for staff, and both for people with an app or a passkey, which go first.
    """
    user = _lock_own(user, by)
    if second_factors.has_app_or_passkey(user):
        raise ActionRefused("You sign in with an app or a passkey. Remove it to sign in with a code")
    if method == User.SignInMethod.SMS and not user.mobile_verified:
        raise ActionRefused(Reason("number", "Add a mobile number first", "method"))
    if method == User.SignInMethod.EMAIL and user.is_staff:
        raise ActionRefused(Reason("staff", "Staff cannot sign in with an email alone", "method"))
    before, user.sign_in_method = user.sign_in_method, method
    user.save(update_fields=["sign_in_method"])
    record("account.method_changed", actor=by, subject=user, data={"before": before, "after": method})
    return user


@transaction.atomic
def make_first_administrator(*, name: str, email: str, password: str) -> User:
    """Make the first administrator, who came through the one-time link. Refuses when there is one already (ActionRefused)."""
    # Two tabs must not make two administrators.
    _one_at_a_time()
    if User.objects.filter(is_superuser=True).exists():
        raise ActionRefused("There is an administrator already")
    if User.objects.filter(email=email).exists():
        raise ActionRefused(Reason("taken", "There is an account with this email address already", "email"))
    moment: datetime = clock.now()
    user = User.objects.create_superuser(
        email, password, name=name, sign_in_method=User.SignInMethod.EMAIL, email_access_validated_at=moment
    )
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    record("account.first_administrator", actor=user, subject=user)
    return user


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('accounts.first_administrator'))")


def _lock_own(user: User, by: User) -> User:
    """One's own account, fresh and locked; everything here is about oneself."""
    if user.pk != by.pk:
        raise ValueError("People change their own account only; staff use accounts.actions.people")
    return User.objects.select_for_update().get(pk=user.pk)
