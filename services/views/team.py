"""The team page, invitations, and what each person may do."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import TemplateView, View

from accounts import guardian
from notify.lib.csv_files import csv_response
from notify.lib.refusals import ActionRefused
from notify.lib.views import ActionFormView, ConfirmView
from services.access import ServiceAccessMixin
from services.actions import members
from services.forms.pages import InviteForm, MemberForm
from services.models import Membership, ServiceInvitation, ServiceUserPermission
from services.permissions import MANAGE_SERVICE, SERVICE_PERMISSIONS


class TeamMixin(ServiceAccessMixin):
    def team_url(self) -> str:
        return reverse("services:member-list", kwargs={"service_id": self.service.pk})

    get_back_href = team_url
    get_success_url = team_url

    def get_member(self) -> Membership:
        query = Membership.objects.select_related("user", "service")
        return get_object_or_404(query, user_id=self.kwargs["user_id"], service=self.service)  # type: ignore[attr-defined]

    def team(self) -> list[dict[str, Any]]:
        """Everybody on the team with what each may do: two queries."""
        grants: dict[UUID, set[str]] = {}
        rows = ServiceUserPermission.objects.filter(content_object=self.service)
        for user_id, codename in rows.values_list("user_id", "permission__codename"):
            grants.setdefault(user_id, set()).add(codename)
        members_of = Membership.objects.filter(service=self.service).select_related("user").order_by("user__name")
        return [
            {
                "membership": each,
                "permissions": [
                    (label, key in grants.get(each.user_id, set())) for key, label in SERVICE_PERMISSIONS.items()
                ],
            }
            for each in members_of
        ]


class MemberListView(TeamMixin, TemplateView):
    template_name = "services/member_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        open_invitations = ServiceInvitation.objects.filter(
            service=self.service, status=ServiceInvitation.Status.PENDING
        )
        return super().get_context_data(
            page_title="Team members",
            team=self.team(),
            invitations=open_invitations,
            may_manage=self.may(MANAGE_SERVICE),
            nav_current="team",
            **kwargs,
        )


class TeamCsvView(TeamMixin, View):
    """Who may do what, as a file."""

    needs = MANAGE_SERVICE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        headings = ["Name", "Email address", "Joined", "Access until", *SERVICE_PERMISSIONS.values()]
        rows = [
            [
                line["membership"].user.name,
                line["membership"].user.email,
                f"{line['membership'].joined_at:%Y-%m-%d}",
                f"{line['membership'].expires_at:%Y-%m-%d}" if line["membership"].expires_at else "",
                *["yes" if held else "no" for _, held in line["permissions"]],
            ]
            for line in self.team()
        ]
        return csv_response("team.csv", [headings, *rows])


class InviteView(TeamMixin, ActionFormView):
    needs = MANAGE_SERVICE
    form_class = InviteForm
    page_title = "Invite a team member"
    button = "Send invitation email"

    def act(self, form: InviteForm) -> None:
        data = form.cleaned_data
        members.invite(self.service, email=data["email"], permissions=data["permissions"], by=self.request.user)
        self.done_message = f"Invitation sent to {data['email']}"


class InvitationActionView(TeamMixin, View):
    """Cancel an invitation or send it again."""

    needs = MANAGE_SERVICE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        invitation = get_object_or_404(ServiceInvitation, pk=kwargs["invitation_id"], service=self.service)
        act = members.resend_invitation if kwargs["verb"] == "resend" else members.cancel_invitation
        try:
            act(invitation, by=request.user)
        except ActionRefused as refusal:
            return render(request, "services/refused.html", {"refusal": refusal, "service": self.service}, status=409)
        return redirect(self.team_url())


class MemberEditView(TeamMixin, ActionFormView):
    needs = MANAGE_SERVICE
    form_class = MemberForm
    template_name = "services/member_form.html"
    done_message = "Saved"

    def get_page_title(self) -> str:
        return str(self.get_member().user)

    def get_initial(self) -> dict[str, Any]:
        membership = self.get_member()
        return {
            "permissions": list(guardian.permissions_of(membership.user, self.service)),
            "expires_on": membership.expires_at and membership.expires_at.date(),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(membership=self.get_member(), **kwargs)

    def act(self, form: MemberForm) -> None:
        members.change_permissions(
            self.get_member(),
            permissions=form.cleaned_data["permissions"],
            expires_at=form.expires_at(),
            by=self.request.user,
        )


class MemberRemoveView(TeamMixin, ConfirmView):
    needs = MANAGE_SERVICE
    button = "Remove from the team"
    done_message = "Removed from the team"

    def get_page_title(self) -> str:
        return f"Are you sure you want to remove {self.get_member().user}?"

    def get_consequences(self) -> list[str]:
        return ["They can no longer see this service", "Messages they sent and templates they wrote stay"]

    def act(self, form: Any) -> None:
        members.remove_member(self.get_member(), by=self.request.user)


class InvitationAcceptView(View):
    """The link in an invitation. Looking at it changes nothing; the button joins."""

    access = "signed_in"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.invitation = members.invitation_from(kwargs["token"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(request)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.invitation is None:
            return self.show(request)
        try:
            membership = members.accept_invitation(self.invitation, by=request.user)  # type: ignore[arg-type]
        except ActionRefused as refusal:
            return self.show(request, refusal=refusal, status=409)
        return redirect("dashboard:service-dashboard", service_id=membership.service_id)

    def show(self, request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
        found = self.invitation
        is_mine = found is not None and found.email == request.user.email  # type: ignore[union-attr]
        return render(
            request,
            "services/invitation.html",
            {"invitation": found, "is_mine": is_mine, "page_title": "Join a service", **context},
            status=status if found else 404,
        )
