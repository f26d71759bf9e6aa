"""What an invitation means for the account of the person who opens it.

The apps to the right keep their own invitations: signed tokens that live two days and are bound to an address. Opening one
proves that the person reads that mailbox, so an account made next with that address is confirmed from the start.
"""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import User

_KEY = "invited_email"


def invited_email(request: HttpRequest) -> str:
    """The address of the invitation that this browser opened, in lower case; empty when it opened none."""
    session = getattr(request, "session", None)
    return str(session.get(_KEY) or "").lower() if session is not None else ""


def clear(request: HttpRequest) -> None:
    """Once an account is there, the invitation opens no other."""
    request.session.pop(_KEY, None)


def lead_to_account(request: HttpRequest, email: str) -> HttpResponse:
    """Somebody opened an invitation and is not signed in: to sign in, or to make an account, and back to this page then.

    Call it only for an open invitation, with the address it was sent to.
    """
    here = request.get_full_path()
    if User.objects.filter(email=email.lower()).exists():
        return redirect_to_login(here, settings.LOGIN_URL)
    request.session[_KEY] = email.lower()
    return redirect(f"{reverse('account_signup')}?{urlencode({'next': here})}")
