"""What follows a person's password, and how strong it is."""

from datetime import timedelta

from allauth.mfa.models import Authenticator

from accounts import emails
from accounts.models import User
from notify.lib import clock

# People prove every 90 days that their mailbox is still theirs (reference: web-ui §23).
EMAIL_PROOF_LASTS = timedelta(days=90)

STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_app_or_passkey(user: User) -> bool:
    """Whether an authenticator app or a passkey asks for more than a code by text or email."""
    return Authenticator.objects.filter(user=user, type__in=STRONG).exists()


def number_for_code(user: User) -> str:
    """Where a code goes by text; empty when it goes by email.

    Staff with a proven number get texts whatever they chose: an email alone is too weak for them.
    """
    if not emails.can_send_texts() or not user.mobile_number:
        return ""
    wants_text = user.sign_in_method == User.SignInMethod.SMS or (user.is_staff and user.mobile_verified)
    return user.mobile_number if wants_text else ""


def needs_email_proof(user: User) -> bool:
    """Whether the last proof of the mailbox is older than 90 days."""
    return clock.now() - (user.email_access_validated_at or user.created_at) > EMAIL_PROOF_LASTS


def method_after(user: User) -> str:
    """The sign-in method that fits the authenticators a person has now."""
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    if Authenticator.Type.WEBAUTHN in kinds:
        return User.SignInMethod.PASSKEY
    if Authenticator.Type.TOTP in kinds:
        return User.SignInMethod.TOTP
    if user.sign_in_method in (User.SignInMethod.PASSKEY, User.SignInMethod.TOTP):
        return User.SignInMethod.SMS if user.mobile_verified else User.SignInMethod.EMAIL
    return user.sign_in_method
