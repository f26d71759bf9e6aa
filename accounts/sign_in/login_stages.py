"""The steps between the right password and being signed in, in django-allauth's sense of a login stage."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.stages import LoginByCodeStage, LoginStage
from allauth.core.internal.httpkit import headed_redirect_response

from accounts.models import User
from accounts.sign_in import second_factors


class SecondFactorStage(LoginByCodeStage):
    """A code by text for those who asked for one, by email for the others; nothing here for apps and passkeys."""

    def handle(self) -> tuple[Any, bool]:
        user = self.login.user
        if user is None or second_factors.has_app_or_passkey(user) or self._mailbox_was_just_proved(user):
            return None, True
        if not self.state:
            number = second_factors.number_for_code(user)
            LoginCodeVerificationProcess.initiate(
                request=self.request, user=user, phone=number or None, email=None if number else user.email, stage=self
            )
        self.state["login_by_code_required"] = True
        return headed_redirect_response("account_confirm_login_code"), True

    def _mailbox_was_just_proved(self, user: User) -> bool:
        """Who registers has just opened a link in an email: another email would prove nothing more."""
        return bool(self.login.signup) and not second_factors.number_for_code(user)


class EmailProofStage(LoginStage):
    """Every 90 days a code by email too, for those whose second factor does not go there."""

    key = "email_proof"
    urlname = "account_prove_email"

    def handle(self) -> tuple[Any, bool]:
        user = self.login.user
        if user is None or self.login.signup or not second_factors.needs_email_proof(user):
            return None, True
        if any(record.get("email") for record in get_authentication_records(self.request, user) if record["method"] == "code"):
            return None, True
        if not self.state:
            LoginCodeVerificationProcess.initiate(request=self.request, user=user, email=user.email, stage=self)
        return headed_redirect_response(self.urlname), True
