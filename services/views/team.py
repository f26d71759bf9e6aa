"""The team page, invitations, and what each person may do."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import TemplateView, View

from accounts import guardian
from accounts.access import PersonMixin
from accounts.email_domains import is_public_sector_email
from accounts.models import User
from accounts.sign_in.invitations import lead_to_account
from notify.lib import clock
from notify.lib.csv_files import csv_response
from notify.lib.refusals import ActionRefused
from notify.lib.views import ActionFormView, ConfirmView
from services.access import ServiceAccessMixin, is_member
from services.actions import members
from services.actions.members import UNCHANGED, may_sign_in_by
from services.forms.team import InviteForm, MemberForm
from services.models import JoinRequest, Membership, ServiceInvitation, ServiceUserPermission
from services.permissions import MANAGE_SERVICE, SERVICE_PERMISSIONS
from services.queries.checklist import MANAGERS_NEEDED
from services.queries.team import managers
from services.slots import folders


class TeamMixin(ServiceAccessMixin):
    nav_current = "team"

    def team_url(self) -> str:
        return reverse("services:member-list", kwargs={"service_id": self.service.pk})

    get_back_href = team_url
    get_success_url = team_url

    def get_member(self) -> Membership:
        query = Membership.objects.select_related("user", "service")
        return get_object_or_404(query, user_id=self.kwargs["user_id"], service=self.service)

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
                "permissions": [(label, key in grants.get(each.user_id, set())) for key, label in SERVICE_PERMISSIONS.items()],
            }
            for each in members_of
        ]


class MemberListView(TeamMixin, TemplateView):
    open_to_organisation = True
    template_name = "services/member_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        open_invitations = ServiceInvitation.objects.filter(service=self.service, status=ServiceInvitation.Status.PENDING)
        asking = JoinRequest.objects.filter(service=self.service, status=JoinRequest.Status.PENDING)
        return super().get_context_data(
            page_title="Team members",
            team=self.team(),
            has_too_few_managers=self.has_too_few_managers(),
            join_requests=asking.select_related("requester"),
            now=clock.now(),
            invitations=open_invitations,
            may_manage=self.may(MANAGE_SERVICE),
            **kwargs,
        )

    def has_too_few_managers(self) -> bool:
        """Whether the service could not go live, or loses its way if one person leaves."""
        public = [person for person in managers(self.service) if is_public_sector_email(person.email)]
        return len(public) < MANAGERS_NEEDED


class TeamCsvView(TeamMixin, View):
    """Who may do what, as a file."""

    needs = MANAGE_SERVICE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        headings = ["Name", "Email address", "Joined", "Access until", "Signs in with", *SERVICE_PERMISSIONS.values()]
        rows = [
            [
                line["membership"].user.name,
                line["membership"].user.email,
                f"{line['membership'].joined_at:%Y-%m-%d}",
                f"{line['membership'].expires_at:%Y-%m-%d}" if line["membership"].expires_at else "",
                line["membership"].user.get_sign_in_method_display(),
                *["yes" if held else "no" for _, held in line["permissions"]],
            ]
            for line in self.team()
        ]
        rows += [
            ["", each.email, "", "invited", "", *["yes" if key in each.permissions else "no" for key in SERVICE_PERMISSIONS]]
            for each in ServiceInvitation.objects.filter(service=self.service, status=ServiceInvitation.Status.PENDING)
        ]
        return csv_response("team.csv", [headings, *rows])


class InviteView(TeamMixin, ActionFormView):
    needs = MANAGE_SERVICE
    form_class = InviteForm
    page_title = "Invite a team member"
    button = "Send invitation email"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"service": self.service, "methods": True}

    def act(self, form: InviteForm) -> None:
        data = form.cleaned_data
        members.invite(
            self.service,
            email=data["email"],
            permissions=data["permissions"],
            folders=form.chosen_folders(),
            sign_in_method=data.get("sign_in_method", ""),
            by=self.person,
        )
        self.done_message = f"Invitation sent to {data['email']}"


_VERBS = {"resend": members.resend_invitation, "cancel": members.cancel_invitation}


class InvitationActionView(TeamMixin, View):
    """Cancel an invitation or send it again."""

    needs = MANAGE_SERVICE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        invitation = get_object_or_404(ServiceInvitation, pk=kwargs["invitation_id"], service=self.service)
        act = _VERBS.get(kwargs["verb"])
        if act is None:
            raise Http404
        try:
            act(invitation, by=self.person)
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
            "folders": folders.opened_by(membership),
            "sign_in_method": membership.user.sign_in_method,
            "expires_on": membership.expires_at and clock.local_day(membership.expires_at),
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        membership = self.get_member()
        is_offered = membership.user != self.person and may_sign_in_by(self.service, membership.user, User.SignInMethod.EMAIL)
        return super().get_form_kwargs() | {"service": self.service, "methods": is_offered}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(membership=self.get_member(), **kwargs)

    @transaction.atomic
    def act(self, form: MemberForm) -> None:
        membership = self.get_member()
        members.change_permissions(
            membership,
            permissions=form.cleaned_data["permissions"],
            expires_at=form.expires_at(),
            folders=form.chosen_folders() if form.folder_keys else UNCHANGED,
            by=self.person,
        )
        if method := form.cleaned_data.get("sign_in_method"):
            members.set_sign_in_method(membership, method=method, by=self.person)


class MemberRemoveView(TeamMixin, ConfirmView):
    needs = MANAGE_SERVICE
    button = "Remove from the team"
    done_message = "Removed from the team"

    def get_page_title(self) -> str:
        return f"Are you sure you want to remove {self.get_member().user}?"

    def get_consequences(self) -> list[str]:
        return ["They can no longer see this service", "Messages they sent and templates they wrote stay"]

    def act(self, form: Form) -> None:
        members.remove_member(self.get_member(), by=self.person)

    def get_success_url(self) -> str:
        if is_member(self.person, self.service):
            return self.team_url()
        return reverse("services:service-list")


class LeaveView(TeamMixin, ConfirmView):
    """Anybody may leave a team that can do without them."""

    button = "Leave this service"
    done_message = "You have left the service"

    def get_page_title(self) -> str:
        return f"Are you sure you want to leave ‘{self.service.name}’?"

    def get_consequences(self) -> list[str]:
        return ["You can no longer see this service", "Messages you sent and templates you wrote stay"]

    def act(self, form: Form) -> None:
        membership = get_object_or_404(Membership, user=self.person, service=self.service)
        members.remove_member(membership, by=self.person)

    def get_success_url(self) -> str:
        return reverse("services:service-list")


class InvitationAcceptView(PersonMixin):
    """The link in an invitation. Looking at it changes nothing; the button joins. People without an account make one first."""

    access = "public"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.invitation = members.invitation_from(kwargs["token"])
        if not request.user.is_authenticated and self.invitation is not None and self.invitation.is_open:
            return lead_to_account(request, self.invitation.email)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(request)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.invitation is None or not request.user.is_authenticated:
            return self.show(request)
        try:
            membership = members.accept_invitation(self.invitation, by=self.person)
        except ActionRefused as refusal:
            return self.show(request, refusal=refusal, status=409)
        return redirect("dashboard:service-dashboard", service_id=membership.service_id)

    def show(self, request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
        found = self.invitation
        is_mine = found is not None and found.email == getattr(request.user, "email", "")
        if found is None:
            status = 404
        elif not found.is_open and not context:
            status = 410
        elif not is_mine and not context:
            status = 403
        return render(
            request,
            "services/invitation.html",
            {"invitation": found, "is_mine": is_mine, "page_title": "Join a service", **context},
            status=status,
        )
