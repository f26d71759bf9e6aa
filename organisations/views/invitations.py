"""The link in an invitation."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import person_of
from accounts.sign_in.invitations import lead_to_account
from notify.lib.access import public
from notify.lib.refusals import ActionRefused
from organisations.actions import members
from organisations.models import OrganisationInvitation


@public
@never_cache
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Join with one button. People without an account make one first; people signed in as somebody else are told so."""
    invitation = members.invitation_from_token(token)
    if invitation is None:
        raise Http404
    if not request.user.is_authenticated:
        return _sign_in_first(request, invitation)
    if person_of(request).email.lower() != invitation.email.lower():
        return render(request, "organisations/invitation_wrong_person.html", {"invitation": invitation}, status=403)
    if invitation.status == OrganisationInvitation.Status.ACCEPTED:
        return redirect("organisations:organisation-dashboard", organisation_id=invitation.organisation_id)
    if not invitation.is_open:
        return render(request, "organisations/invitation_closed.html", {"invitation": invitation}, status=410)
    if request.method == "GET":
        return render(request, "organisations/invitation_accept.html", {"invitation": invitation})
    try:
        organisation = members.accept_invitation(invitation, by=person_of(request))
    except ActionRefused:
        return render(request, "organisations/invitation_closed.html", {"invitation": invitation}, status=410)
    return redirect("organisations:organisation-dashboard", organisation_id=organisation.pk)


def _sign_in_first(request: HttpRequest, invitation: OrganisationInvitation) -> HttpResponse:
    if invitation.is_open:
        return lead_to_account(request, invitation.email)
    if invitation.status == OrganisationInvitation.Status.ACCEPTED:
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    return render(request, "organisations/invitation_closed.html", {"invitation": invitation}, status=410)
