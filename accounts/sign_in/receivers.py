"""What happens when django-allauth says that something happened."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from accounts.sign_in import audit, lockout, second_factors, sessions
from notify.lib import clock

_KINDS = {"totp": "an authenticator app", "webauthn": "a passkey", "recovery_codes": "recovery codes"}


@receiver(user_logged_in)
def start_session(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The clock of the session's lifetimes starts."""
    sessions.start(request, sessions.method_of(get_authentication_records(request, user)))


@receiver(account_signals.user_logged_in)
def signed_in(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    lockout.unlock(user.pk)
    audit.record_sign_in_event(
        request, user, "sign_in.succeeded", method=sessions.WORDS[request.session.get(sessions.METHOD, "")]
    )


@receiver(user_logged_out)
def signed_out(sender: object, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        audit.record_sign_in_event(request, user, "sign_in.ended")


@receiver(account_signals.authentication_step_completed)
def step_completed(sender: object, request: HttpRequest, user: User, method: str, **kwargs: Any) -> None:
    """A code or a link that came by email proves the mailbox; a proof of identity is written down."""
    if method == "code" and kwargs.get("email"):
        User.objects.filter(pk=user.pk).update(email_access_validated_at=clock.now())
    if kwargs.get("reauthenticated"):
        audit.record_sign_in_event(request, user, "account.reauthenticated")


@receiver(account_signals.user_signed_up)
def registered(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    audit.record_sign_in_event(request, user, "account.registered")


@receiver(account_signals.email_confirmed)
def email_confirmed(sender: object, request: HttpRequest, email_address: Any, **kwargs: Any) -> None:
    User.objects.filter(pk=email_address.user_id).update(email_access_validated_at=clock.now())
    audit.record_sign_in_event(request, email_address.user, "account.email_confirmed", email=email_address.email)


@receiver(account_signals.password_changed)
def password_changed(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    User.objects.filter(pk=user.pk).update(password_changed_at=clock.now())
    audit.record_sign_in_event(request, user, "account.password_changed")


@receiver(account_signals.password_reset)
def password_reset(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A new password through the mailbox unlocks the account and signs it out everywhere."""
    now = clock.now()
    User.objects.filter(pk=user.pk).update(password_changed_at=now, email_access_validated_at=now)
    lockout.unlock(user.pk)
    sessions.end_all(user)
    audit.record_sign_in_event(request, user, "account.password_reset")


@receiver(mfa_signals.authenticator_added)
def factor_added(sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    _fit_method(user)
    name = "account.recovery_codes_made" if authenticator.type == "recovery_codes" else "account.factor_added"
    audit.record_sign_in_event(request, user, name, kind=_KINDS[authenticator.type])
    if authenticator.type in second_factors.STRONG:
        # Whoever adds one holds it: staff who came with an email code need not sign in again.
        request.session[sessions.METHOD] = str(authenticator.type)


@receiver(mfa_signals.authenticator_removed)
def factor_removed(sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    _fit_method(user)
    audit.record_sign_in_event(request, user, "account.factor_removed", kind=_KINDS[authenticator.type])


@receiver(mfa_signals.authenticator_reset)
def codes_made(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    audit.record_sign_in_event(request, user, "account.recovery_codes_made")


@receiver(mfa_signals.authentication_failed)
def code_failed(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    audit.record_failure(request, user, "sign_in.code_failed", lockout.CODE)


def _fit_method(user: User) -> None:
    User.objects.filter(pk=user.pk).update(sign_in_method=second_factors.method_after(user))
