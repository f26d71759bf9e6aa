"""A person's own account."""

import secrets
import time
from typing import Any
from uuid import UUID

from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import emails
from accounts.access import person_of
from accounts.actions import profile as actions
from accounts.email_domains import is_public_sector_email
from accounts.forms.profile import MethodForm, MobileCodeForm, NameForm, NewEmailForm, NewMobileForm
from accounts.models import User
from accounts.sign_in import audit, lockout, second_factors, sessions, tokens
from accounts.sign_in.reauthentication import password_required
from accounts.sign_in.user_agents import browser_name
from audit import queries as audit_queries
from audit.sentences import describe
from notify.lib.access import public, signed_in
from notify.lib.refusals import ActionRefused
from notify.lib.views import add_refusal

_BACK = reverse_lazy("account")
# A new number waits in the session for its code.
_WAITING = "new_mobile_number"
CODE_SECONDS = 600
CODES_A_DAY = 20
CODE_GUESSES = 5


def _page(request: HttpRequest, title: str, form: Form, **context: Any) -> HttpResponse:
    values = {"page_title": title, "form": form, "back_href": _BACK, "button": "Save", **context}
    return render(request, "layouts/form_page.html", values)


@signed_in
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """What the platform knows about the person, and where to change it."""
    user: User = person_of(request)
    strong = second_factors.has_app_or_passkey(user)
    may_change_email = is_public_sector_email(user.email)
    rows = [
        {"key": "Name", "value": user.name, "href": reverse("account_change_name")},
        {"key": "Email address", "value": user.email, "href": reverse("account_email") if may_change_email else ""},
        {"key": "Mobile number", "value": user.mobile_number or "Not set", "href": reverse("account_change_mobile")},
        {"key": "Password", "value": _password_age(user), "href": reverse("account_change_password")},
        {
            "key": "Sign-in method",
            "value": user.get_sign_in_method_display(),
            "href": reverse("mfa_index" if strong else "account_change_method"),
        },
        {"key": "Apps and passkeys", "value": _factors(user), "href": reverse("mfa_index")},
    ]
    return render(request, "accounts/account.html", {"page_title": "Your account", "rows": rows})


def _password_age(user: User) -> str:
    return f"Changed on {user.password_changed_at:%-d %B %Y}" if user.password_changed_at else "Set"


def _factors(user: User) -> str:
    names = {"totp": "Authenticator app", "webauthn": "Passkey", "recovery_codes": "Recovery codes"}
    found = [names[kind] for kind in Authenticator.objects.filter(user=user).order_by("pk").values_list("type", flat=True)]
    return "\n".join(dict.fromkeys(found)) or "None"


@signed_in
@require_http_methods(["GET", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST or None, initial={"name": person_of(request).name})
    if request.method == "POST" and form.is_valid():
        actions.change_name(person_of(request), name=form.cleaned_data["name"], by=person_of(request))
        messages.success(request, "Your name is changed")
        return redirect("account")
    return _page(request, "Change your name", form)


@signed_in
@password_required
@require_http_methods(["GET", "POST"])
def email(request: HttpRequest) -> HttpResponse:
    """Ask for another address; a link goes there."""
    form = NewEmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        new = form.cleaned_data["email"]
        try:
            actions.ask_email_change(person_of(request), email=new, by=person_of(request))
        except ActionRefused as refusal:
            add_refusal(form, refusal)
        else:
            return render(
                request, "accounts/email_change_sent.html", {"page_title": "Check your email", "email": new, "back_href": _BACK}
            )
    return _page(request, "Change your email address", form, button="Send me a link")


@public
@never_cache
@require_http_methods(["GET", "POST"])
def confirm_email_change(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the new mailbox: a page with a button, and the button changes the address."""
    change = tokens.read_email_change(token)
    if change is None:
        return render(request, "accounts/link_refused.html", {"page_title": "This link does not work"}, status=410)
    if request.method == "GET":
        return render(
            request, "accounts/email_change_confirm.html", {"page_title": "Confirm your new email address", "change": change}
        )
    try:
        user = actions.change_email(change)
    except ActionRefused as refusal:
        owner = User.objects.filter(pk=change.user_id).first()
        if owner is not None:
            audit.record_sign_in_event(request, owner, "account.link_refused", reason=str(refusal))
        return render(
            request, "accounts/link_refused.html", {"page_title": "This link does not work", "refusal": refusal}, status=410
        )
    messages.success(request, f"Your email address is now {user.email}")
    return redirect("account" if request.user.is_authenticated else "account_login")


@signed_in
@password_required
@require_http_methods(["GET", "POST"])
def mobile(request: HttpRequest) -> HttpResponse:
    """Ask for another number; a code goes there."""
    user: User = person_of(request)
    if not emails.can_send_texts():
        return render(request, "accounts/no_texts.html", {"page_title": "Mobile number", "back_href": _BACK})
    form = NewMobileForm(request.POST or None, initial={"mobile_number": user.mobile_number})
    if request.method == "POST" and form.is_valid():
        if not _may_send_code(user):
            form.add_error("mobile_number", "You asked for too many codes today. Try again tomorrow")
        else:
            _send_mobile_code(request, form.cleaned_data["mobile_number"])
            return redirect("account_confirm_mobile")
    can_remove = user.mobile_number and user.sign_in_method != User.SignInMethod.SMS
    return render(
        request,
        "accounts/mobile.html",
        {
            "page_title": "Change your mobile number",
            "form": form,
            "back_href": _BACK,
            "button": "Send me a code",
            "can_remove": can_remove,
        },
    )


def _may_send_code(user: User) -> bool:
    """Twenty codes a day and person: nobody makes the platform ring a number all day."""
    key = f"mobile-codes:{user.pk}"
    cache.add(key, 0, 86_400)
    return bool(cache.incr(key) <= CODES_A_DAY)


def _send_mobile_code(request: HttpRequest, number: str) -> None:
    code = f"{secrets.randbelow(100_000):05}"
    request.session[_WAITING] = {"number": number, "code": code, "at": int(time.time()), "guesses": 0}
    emails.text(number, f"{code} is your {settings.PLATFORM_NAME} authentication code")


@signed_in
@require_http_methods(["GET", "POST"])
def confirm_mobile(request: HttpRequest) -> HttpResponse:
    """The code that the new number got."""
    waiting = request.session.get(_WAITING)
    if not waiting or time.time() - waiting["at"] > CODE_SECONDS:
        request.session.pop(_WAITING, None)
        messages.info(request, "The code is too old. Ask for a new one.")
        return redirect("account_change_mobile")
    user: User = person_of(request)
    form = MobileCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        waiting["guesses"] += 1
        request.session[_WAITING] = waiting
        typed = form.cleaned_data["code"].replace(" ", "")
        if constant_time_compare(typed, waiting["code"]) and waiting["guesses"] <= CODE_GUESSES:
            del request.session[_WAITING]
            actions.change_mobile(user, number=waiting["number"], by=user)
            if user.is_staff and request.session.get(sessions.METHOD) in sessions.WEAK:
                # They hold the phone: that is more than a mailbox.
                request.session[sessions.METHOD] = "text"
            messages.success(request, "Your mobile number is changed")
            return redirect("account")
        audit.record_failure(request, user, "sign_in.code_failed", lockout.CODE)
        if waiting["guesses"] >= CODE_GUESSES:
            del request.session[_WAITING]
            messages.error(request, "Too many wrong codes. Ask for a new one.")
            return redirect("account_change_mobile")
        form.add_error("code", "This code is not right")
    intro = f"We sent a code to {waiting['number']}. It works for 10 minutes."
    return _page(request, "Check your phone", form, intro=intro, button="Continue", back_href=reverse("account_change_mobile"))


@signed_in
@password_required
@require_http_methods(["GET", "POST"])
def remove_mobile(request: HttpRequest) -> HttpResponse:
    refusal = None
    if request.method == "POST":
        try:
            actions.remove_mobile(person_of(request), by=person_of(request))
        except ActionRefused as found:
            refusal = found
        else:
            messages.success(request, "Your mobile number is removed")
            return redirect("account")
    context = {
        "page_title": "Are you sure you want to remove your mobile number?",
        "button": "Remove",
        "back_href": reverse("account_change_mobile"),
        "intro": "We will not be able to send you codes by text message.",
        "refusal": refusal,
    }
    return render(request, "accounts/confirm.html", context, status=409 if refusal else 200)


@signed_in
@password_required
@require_http_methods(["GET", "POST"])
def method(request: HttpRequest) -> HttpResponse:
    """Texts or emails; apps and passkeys have their own page."""
    user: User = person_of(request)
    form = MethodForm(request.POST or None, initial={"method": user.sign_in_method})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_method(user, method=form.cleaned_data["method"], by=user)
        except ActionRefused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "The way you sign in is changed")
            return redirect("account")
    intro = "An authenticator app or a passkey is safer: add one on the page of apps and passkeys."
    return _page(request, "How do you want to sign in?", form, intro=intro)


@signed_in
@require_http_methods(["GET", "POST"])
def session_list(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in; signing out there, or everywhere."""
    user: User = person_of(request)
    mine = request.session.session_key
    if request.method == "POST":
        chosen = request.POST.get("session", "")
        if chosen.isdecimal() and len(chosen) < 19:
            found = get_object_or_404(UserSession, pk=int(chosen), user=user)
            ended = found.session_key != mine
            if ended:
                found.end()
        else:
            ended = bool(sessions.end_all(user, but=mine))
        if ended:
            audit.record_sign_in_event(request, user, "account.sessions_ended")
        messages.success(request, "Signed out there" if chosen else "You are signed out everywhere else")
        return redirect("account_sessions")
    found = sorted(UserSession.objects.purge_and_list(user), key=lambda each: each.last_seen_at, reverse=True)
    for each in found:
        each.browser = browser_name(each.user_agent)
    context = {"page_title": "Where you are signed in", "sessions": found, "mine": mine, "back_href": _BACK}
    return render(request, "accounts/sessions.html", context)


@signed_in
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Sign-ins and changes of this account, latest first."""
    try:
        before = UUID(request.GET["before"]) if "before" in request.GET else None
    except ValueError:
        return redirect("account_history")
    events, older = audit_queries.page(audit_queries.of_person(person_of(request).pk), before=before)
    lines = [
        {"event": event, "sentence": describe(event), "agent": browser_name(event.data.get("user_agent", ""))}
        for event in events
    ]
    context = {"page_title": "Sign-in history", "lines": lines, "older": older, "back_href": _BACK}
    return render(request, "accounts/history.html", context)


class RemovePasskeyView(RemoveWebAuthnView):
    """Refuses to remove the one thing that staff sign in with."""

    def form_valid(self, form: Form) -> HttpResponse:
        if not get_mfa_adapter().can_delete_authenticator(self.get_object()):
            messages.error(self.request, "You need this passkey to sign in. Add another one, or an app, first.")
            return redirect("mfa_index")
        response: HttpResponse = super().form_valid(form)
        return response


remove_passkey = RemovePasskeyView.as_view()
