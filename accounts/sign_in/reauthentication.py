"""Asking people again who they are before something that matters."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

# A proof of identity counts for this long; the same number stands in ACCOUNT_REAUTHENTICATION_TIMEOUT.
FRESH_FOR = timedelta(minutes=30)

View = Callable[..., HttpResponse]


def ask_again(request: HttpRequest) -> HttpResponse | None:
    """Where to send a person who neither signed in nor proved who they are within 30 minutes; None for everybody else."""
    return None if has_proved_recently(request) else _ask(request)


def has_proved_recently(request: HttpRequest) -> bool:
    """Whether a person signed in, or proved again who they are, within the last 30 minutes."""
    if not request.user.is_authenticated:
        return False
    records = get_authentication_records(request, request.user)
    last = max((float(record.get("at", 0)) for record in records), default=0.0)
    return time.time() - last < FRESH_FOR.total_seconds()


def password_required(view: View) -> View:
    """For changes of one's own account: a fresh sign-in is not enough, somebody else may sit at the keyboard."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not did_recently_reauthenticate(request):
            return _ask(request)
        return view(request, *args, **kwargs)

    return asked


def _ask(request: HttpRequest) -> HttpResponse:
    here = request.get_full_path()
    if request.method != "GET":
        # Back to the page with the button; only its path, whatever host the browser names.
        came_from = urlsplit(request.headers.get("Referer", ""))
        here = came_from.path or "/"
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': here})}")
