"""How the platform signs people in, where that differs from django-allauth's own way."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import emails
from accounts.models import User
from accounts.sign_in import audit, lockout, tokens
from notify.lib import crypto

# django-allauth's names for its messages, and our templates for them.
TEMPLATES = {
    "account/email/login_code": "sign_in_code",
    "account/email/email_confirmation_signup": "confirm_email",
    "account/email/email_confirmation": "confirm_email",
    "account/email/password_reset_key": "reset_password",
    "account/email/unknown_account": "unknown_account",
    "account/email/account_already_exists": "account_exists",
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The email address or password you entered is incorrect",
        "too_many_login_attempts": "Too many failed attempts. Try again later",
        "incorrect_code": "This code is not right",
        "enter_current_password": "This is not your current password",
        "incorrect_password": "This is not your password",
        "rate_limited": "You asked too often. Try again in a few minutes",
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every message of an account goes out as one of the platform's own."""
        template = TEMPLATES.get(template_prefix)
        if template is None:
            return
        values = {key: value for key, value in context.items() if key != "request"}
        if template == "sign_in_code":
            values["link"] = settings.BASE_URL + reverse("account_code_link", args=[tokens.sign_code(values["code"])])
        emails.send(template, to=email, context=values)

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        emails.text(phone, f"{code} is your {settings.PLATFORM_NAME} authentication code")

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Links are made of the configured address, never of the Host header of a request."""
        return settings.BASE_URL + reverse("account_confirm_email", args=[emailconfirmation.key])

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _, token = key.partition("-")
        return settings.BASE_URL + reverse("account_reset_password_from_key", args=[uid, token])

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of this site, however they are written."""
        if not url or not url.startswith("/") or url.startswith(("//", "/\\")):
            return False
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.mobile_number, user.mobile_verified) if user.mobile_number else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.mobile_number, user.mobile_verified = phone, verified
        user.save(update_fields=["mobile_number", "mobile_verified"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        User.objects.filter(pk=user.pk, mobile_number=phone).update(mobile_verified=True)

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(mobile_number=phone).first()

    def get_login_stages(self) -> list[str]:
        """The mailbox first, then the second factor of the person's choice, then the mailbox again every 90 days."""
        return [
            "allauth.account.stages.EmailVerificationStage",
            "accounts.sign_in.login_stages.SecondFactorStage",
            "allauth.mfa.stages.AuthenticateStage",
            "accounts.sign_in.login_stages.EmailProofStage",
        ]

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Look at a password, unless the account has had its ten guesses; the answer is the same then."""
        email = str(credentials.get("email") or "").strip().lower()
        person = User.objects.filter(email=email, is_active=True).first()
        if person is not None and not lockout.take(person.pk, lockout.PASSWORD):
            self.pre_authenticate(request, **credentials)
            # As slow as looking at it, so that nobody learns from the time it takes.
            User().set_password(str(credentials.get("password", "")))
            return None
        user = super().authenticate(request, **credentials)
        if user is not None:
            lockout.give_back(user.pk, lockout.PASSWORD)
        elif person is not None:
            audit.record_failure(request, person, "sign_in.failed", lockout.PASSWORD)
        return user

    def clean_email(self, email: str) -> str:
        return super().clean_email(email).strip().lower()


class MfaAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This code is not right",
        "cannot_delete_authenticator": "You need this to sign in. Add another app or passkey first",
    }

    def encrypt(self, text: str) -> str:
        return crypto.encrypt(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(encrypted_text.encode())

    def _get_site_name(self) -> str:
        return settings.PLATFORM_NAME

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff keep at least one way that is not an email: another app or passkey, or texts to a proven number."""
        user = authenticator.user
        if not user.is_staff or authenticator.type == Authenticator.Type.RECOVERY_CODES:
            return True
        others = Authenticator.objects.filter(user=user, type__in=(Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN))
        has_texts = user.mobile_verified and emails.can_send_texts()
        return has_texts or others.exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Passkey" if number == 1 else f"Passkey {number}"
