"""Asking people again who they are before something that matters."""

import time
from datetime import timedelta

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

# A proof of identity counts for this long; the same number stands in ACCOUNT_REAUTHENTICATION_TIMEOUT.
FRESH_FOR = timedelta(minutes=30)


def ask_again(request: HttpRequest) -> HttpResponse | None:
    """Where to send a person whose last proof is older than 30 minutes; None for everybody else."""
    if has_proved_recently(request):
        return None
    here = request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "/")
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': here})}")


def has_proved_recently(request: HttpRequest) -> bool:
    """Whether a person signed in, or proved again who they are, within the last 30 minutes."""
    if not request.user.is_authenticated:
        return False
    records = get_authentication_records(request, request.user)
    last = max((float(record.get("at", 0)) for record in records), default=0.0)
    return time.time() - last < FRESH_FOR.total_seconds()
