"""What is checked at every page of somebody who is signed in."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import User
from accounts.sign_in import audit, sessions

# Where staff may go who came with nothing but an email: to add something better, or out.
_OPEN_TO_WEAK_STAFF = (
    "/your-account",
    "/confirm-it-is-you",
    "/sign-out",
    "/static/",
    "/platform.css",
    "/platform-icon.svg",
    "/healthz",
    "/sandbox",
)


class SignedInMiddleware:
    """Ends sessions that are over, and keeps staff who proved only a mailbox away from everything but their account."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Requests of API clients and providers have no session; they are not slowed down by looking for one.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(request.user, User):
            refusal = self._refusal(request, request.user)
            if refusal is not None:
                return refusal
            sessions.see(request)
        return self.get_response(request)

    def _refusal(self, request: HttpRequest, person: User) -> HttpResponse | None:
        if reason := sessions.why_over(request):
            audit.record_sign_in_event(request, person, "sign_in.expired", reason=reason)
            here = request.get_full_path() if request.method == "GET" else "/"
            sessions.end(request)
            messages.info(request, f"{reason}. Sign in again to go on.")
            return redirect_to_login(here, settings.LOGIN_URL)
        if (
            person.is_staff
            and request.session.get(sessions.METHOD) in sessions.WEAK
            and not request.path.startswith(_OPEN_TO_WEAK_STAFF)
        ):
            messages.info(
                request, "Staff need more than an email to sign in. Add an authenticator app, a passkey or a mobile number."
            )
            return redirect(reverse("mfa_index"))
        return None
