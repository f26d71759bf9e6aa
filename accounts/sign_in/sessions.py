"""How long people stay signed in, and ending it (reference: web-ui §1.4).

Twenty hours whatever they do; staff half an hour without doing anything. Pages that refresh themselves do not count as doing.
"""

import time
from collections.abc import Iterable
from typing import Any

from allauth.account.internal.flows.logout import logout
from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from accounts.models import User
from notify.lib import clock

ABSOLUTE_SECONDS = 20 * 3600
STAFF_IDLE_SECONDS = 30 * 60
# Writing "seen" at every page would cost a write per page.
SEEN_EVERY_SECONDS = 60

STARTED, SEEN, METHOD = "signed_in_at", "seen_at", "signed_in_with"

# What stood behind the password, in words.
WORDS = {
    "": "a password",
    "text": "a code by text message",
    "email": "a code by email",
    "link": "a link in an email",
    "totp": "an authenticator app",
    "webauthn": "a passkey",
    "recovery_codes": "a recovery code",
}
WEAK = ("email", "link")


def method_of(records: Iterable[dict[str, Any]]) -> str:
    """The strongest proof among django-allauth's records of a sign-in; empty when it knows none."""
    found = list(records)
    for entry in found:
        if entry["method"] == "mfa":
            return str(entry.get("type", "totp"))
    for entry in found:
        if entry["method"] == "code":
            if entry.get("phone"):
                return "text"
            return "email"
    return "link" if found else ""


def start(request: HttpRequest, method: str) -> None:
    """Start the clock of a session."""
    now = int(time.time())
    request.session[STARTED] = request.session[SEEN] = now
    request.session[METHOD] = method


def why_over(request: HttpRequest) -> str:
    """Why a session is over, in words for the person; empty while it is not."""
    now, session = time.time(), request.session
    if STARTED not in session:
        return ""
    if now - session[STARTED] > ABSOLUTE_SECONDS:
        return "You have been signed in for 20 hours"
    if request.user.is_staff and now - session.get(SEEN, 0) > STAFF_IDLE_SECONDS:
        return "You did nothing for 30 minutes"
    return ""


def see(request: HttpRequest) -> None:
    """Note that a person does something; pages that refresh themselves are not a person."""
    now = int(time.time())
    if _is_background(request) or now - request.session.get(SEEN, 0) < SEEN_EVERY_SECONDS:
        return
    request.session[SEEN] = now
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=clock.now())


def end(request: HttpRequest) -> None:
    """End this session, in the database too: its cookie is worth nothing then."""
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    logout(request)


def end_all(user: User, *, but: str | None = None) -> int:
    """End every session of a person, except the one with this key; returns how many."""
    found = [session for session in UserSession.objects.filter(user=user) if session.session_key != but]
    for session in found:
        session.end()
    return len(found)


def _is_background(request: HttpRequest) -> bool:
    asked_by_script = request.headers.get("Sec-Fetch-Mode", "navigate") not in ("navigate", "nested-navigate")
    return request.method == "GET" and (asked_by_script or "HX-Request" in request.headers)
