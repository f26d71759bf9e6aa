"""Asking people again who they are before something that matters."""

from datetime import timedelta

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

# A proof of identity counts for this long; the same number stands in ACCOUNT_REAUTHENTICATION_TIMEOUT.
FRESH_FOR = timedelta(minutes=30)


def ask_again(request: HttpRequest) -> HttpResponse | None:
    """Where to send a person whose last proof is older than 30 minutes; None for everybody else."""
    if did_recently_reauthenticate(request):
        return None
    here = request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "/")
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': here})}")
