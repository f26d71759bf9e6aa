"""How the platform signs people in, where that differs from django-allauth's own way."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.stages import LoginByCodeStage
from allauth.core.internal.httpkit import headed_redirect_response
from django.conf import settings
from django.http import HttpRequest

from accounts import platform_mail
from accounts.models import User
from accounts.public_sector import is_public_sector_email

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
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every message of an account goes out as one of the platform's own."""
        template = TEMPLATES.get(template_prefix)
        if template:
            values = {key: value for key, value in context.items() if key != "request"}
            platform_mail.send(template, to=email, context=values)

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        platform_mail.text(phone, f"{code} is your {settings.PLATFORM_NAME} authentication code")

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
        """The code goes where the person wants it, not always by email."""
        return [
            "accounts.adapter.SecondFactorStage" if path.endswith("LoginByCodeStage") else path
            for path in super().get_login_stages()
        ]

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True

    def clean_email(self, email: str) -> str:
        return super().clean_email(email).strip().lower()

    def may_register(self, email: str) -> bool:
        """Whether an address may have an account of its own accord; invitations open the door for others."""
        return is_public_sector_email(email)


class SecondFactorStage(LoginByCodeStage):
    """After the password: a code by text for those who asked for one, by email for the others."""

    def handle(self) -> tuple[Any, bool]:
        from allauth.account.adapter import get_adapter
        from allauth.account.internal.flows import login_by_code

        user = self.login.user
        by_text = (
            user.sign_in_method == User.SignInMethod.SMS and user.mobile_verified and platform_mail.can_send_texts()
        )
        if (
            by_text
            and not self.state
            and get_adapter().is_login_by_code_required(self.login)
            and not self._is_trusted()
        ):
            login_by_code.LoginCodeVerificationProcess.initiate(
                request=self.request, user=user, phone=user.mobile_number, email=None, stage=self
            )
            self.state["login_by_code_required"] = True
            return headed_redirect_response("account_confirm_login_code"), True
        return super().handle()
