"""A person's own account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from notify.lib.access import signed_in


@signed_in
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """What the platform knows about the person, and where to change it."""
    return render(request, "accounts/account.html", {"page_title": "Your account"})
