"""Ending a support session. It is started in the back office."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import person_of
from notify.lib.access import signed_in
from services.actions import support


@signed_in
@require_POST
def end_support_session(request: HttpRequest) -> HttpResponse:
    """The banner's button: back to the service in the back office."""
    session = support.running(person_of(request))
    if session is None:
        return redirect(reverse("admin:index"))
    support.end(session, by=person_of(request))
    return redirect(reverse("admin:services_service_change", args=[session.service_id]))
