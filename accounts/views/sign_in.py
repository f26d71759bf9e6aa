"""Between the password and being signed in: codes by text and by email, and the links in emails."""

from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.stagekit import unstash_login
from allauth.account.views import ConfirmLoginCodeView
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import FormView

from accounts import emails
from accounts.forms.sign_in import CodeForm
from accounts.models import User
from accounts.sign_in import audit, lockout, tokens
from accounts.sign_in.login_stages import EmailProofStage, SecondFactorStage
from notify.lib.access import public

TOO_MANY = "Too many wrong codes. Sign in again in half an hour, or choose a new password"


class CountedCodesMixin:
    """Takes one of the account's ten attempts before a code is looked at (accounts.sign_in.lockout)."""

    request: HttpRequest
    _process: Any

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = self._process.user
        if request.POST.get("action") != "resend" and person is not None and not lockout.take(person.pk, lockout.CODE):
            self._process.abort()
            messages.error(request, TOO_MANY)
            return redirect("account_login")
        return super().post(request, *args, **kwargs)  # type: ignore[misc]

    def form_invalid(self, form: Form) -> HttpResponse:
        if self._process.user is not None:
            audit.record_failure(self.request, self._process.user, "sign_in.code_failed", lockout.CODE)
        return super().form_invalid(form)  # type: ignore[misc]


class TwoFactorView(CountedCodesMixin, ConfirmLoginCodeView):
    """The code by text or by email after the password."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person: User | None = self._process.user
        number = self._process.state.get("phone") or ""
        wanted_text = person is not None and person.sign_in_method == User.SignInMethod.SMS and bool(person.mobile_number)
        return super().get_context_data(
            phone_end=number[-4:],
            can_resend=self._process.can_resend,
            # A number nobody has proved yet may be mistyped: the mailbox is proved, so the code may go there.
            may_use_email=bool(number) and person is not None and not person.mobile_verified,
            texts_are_off=wanted_text and not number and not emails.can_send_texts(),
            **kwargs,
        )


two_factor = TwoFactorView.as_view()


@public
@require_POST
@login_stage_required(stage=SecondFactorStage.key, redirect_urlname="account_login")
def code_by_email(request: HttpRequest) -> HttpResponse:
    """Send the code by email because the text did not come; only while the number was never proved."""
    stage = request._login_stage  # type: ignore[attr-defined]
    user = stage.login.user
    process = LoginCodeVerificationProcess.resume(stage)
    if process is None:
        return redirect("account_login")
    if not user.mobile_verified and process.state.get("phone") and process.can_resend:
        resent = process.state["resend_count"] + 1
        process = LoginCodeVerificationProcess.initiate(request=request, user=user, email=user.email, stage=stage)
        process.state.pop("phone", None)
        process.state["resend_count"] = resent
        process.persist()
    return redirect("account_confirm_login_code")


@public
@never_cache
@require_safe
def code_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a sign-in email: a page with a button. Link scanners that open it change nothing."""
    code = tokens.read_code(token)
    login = unstash_login(request, peek=True)
    if code is None or login is None or login.user is None:
        reason = "old" if code is None else "other_browser"
        return render(request, "accounts/code_link_refused.html", {"reason": reason}, status=410)
    proves = bool(login.state.get("stages", {}).get("current") == EmailProofStage.key)
    return render(request, "accounts/code_link.html", {"code": code, "proves_email": proves})


@method_decorator(login_stage_required(stage=EmailProofStage.key, redirect_urlname="account_login"), name="dispatch")
class ProveEmailView(CountedCodesMixin, FormView):
    """Every 90 days: a code by email, to make sure that the mailbox is still the person's own."""

    form_class = CodeForm
    template_name = "accounts/prove_email.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._process = LoginCodeVerificationProcess.resume(request._login_stage)  # type: ignore[attr-defined]
        if self._process is None:
            return redirect("account_login")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("action") == "resend":
            if self._process.can_resend:
                self._process.resend()
            return redirect("account_prove_email")
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "code": self._process.code}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(can_resend=self._process.can_resend, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        audit.record_sign_in_event(self.request, self._process.user, "account.email_proved")
        response: HttpResponse = self._process.finish(None)
        return response

    def form_invalid(self, form: Form) -> HttpResponse:
        answer = super().form_invalid(form)
        if not self._process.record_invalid_attempt():
            messages.error(self.request, TOO_MANY)
            return redirect("account_login")
        return answer


prove_email = ProveEmailView.as_view()
