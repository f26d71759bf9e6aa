"""The people of an organisation: who belongs, who is invited, what each may do."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.generic import TemplateView, View

from accounts import guardian
from accounts.models import User
from notify.lib.refusals import ActionRefused, PermissionRefused
from notify.lib.views import ActionFormView
from organisations.access import OrganisationAccessMixin
from organisations.actions import members
from organisations.forms import InvitationForm, OrganisationPermissionsForm
from organisations.models import OrganisationInvitation, OrganisationMember
from organisations.permissions import MAKE_SERVICES_LIVE, ORGANISATION_PERMISSIONS


class MemberFormView(OrganisationAccessMixin, ActionFormView):
    """A form about one person, beside the list of members."""

    template_name = "organisations/member_form.html"

    def get_success_url(self) -> str:
        return redirect("organisations:member-list", organisation_id=self.organisation.pk).url


class MemberList(OrganisationAccessMixin, TemplateView):
    """Members and open invitations."""

    template_name = "organisations/member_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        memberships = OrganisationMember.objects.filter(organisation=self.organisation, user__is_active=True)
        holders = guardian.users_with(MAKE_SERVICES_LIVE, self.organisation)
        people = [(m.user, m.user_id in holders) for m in memberships.select_related("user").order_by("user__name")]
        pending = self.organisation.invitations.filter(status=OrganisationInvitation.Status.PENDING)
        context = {
            "people": people,
            "invitations": pending.select_related("invited_by"),
            "permission_label": ORGANISATION_PERMISSIONS[MAKE_SERVICES_LIVE],
        }
        return super().get_context_data(**kwargs) | context


class MemberInvite(MemberFormView):
    form_class = InvitationForm
    page_title = "Invite a team member"
    button = "Send invitation"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"offered": self.held}

    def act(self, form: InvitationForm) -> str:
        email = form.cleaned_data["email"]
        invitation = members.invite(self.organisation, email=email, permissions=form.wanted(), by=self.person)
        return f"Invitation sent to {invitation.email}"


class MemberEdit(MemberFormView):
    form_class = OrganisationPermissionsForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.user_id: UUID = kwargs["user_id"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        kwargs.pop("user_id")
        return super().dispatch(request, *args, **kwargs)

    @property
    def member(self) -> User:
        """Whose permissions they are. Nobody changes their own."""
        person = members.member_or_none(self.organisation, self.user_id)
        if person is None:
            raise Http404
        if person == self.person:
            raise PermissionDenied("You cannot change your own permissions")
        return person

    def get_form_kwargs(self) -> dict[str, Any]:
        held = guardian.permissions_of(self.member, self.organisation)
        return super().get_form_kwargs() | {"offered": self.held, "initial": {"permissions": sorted(held)}}

    def get_page_title(self) -> str:
        return str(self.member)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(person=self.member, **kwargs)

    def act(self, form: OrganisationPermissionsForm) -> str:
        person = self.member
        members.change_permissions(self.organisation, user=person, permissions=form.wanted(), by=self.person)
        return f"Saved what {person} may do"


class MemberRemove(OrganisationAccessMixin, View):
    """Asks first, then takes a person off the team."""

    def get(self, request: HttpRequest, user_id: UUID) -> HttpResponse:
        person = members.member_or_none(self.organisation, user_id)
        if person is None:
            raise Http404
        context = {"organisation": self.organisation, "person": person}
        return render(request, "organisations/member_confirm_delete.html", context)

    def post(self, request: HttpRequest, user_id: UUID) -> HttpResponse:
        person = members.member_or_none(self.organisation, user_id)
        if person is None:
            raise Http404
        try:
            members.remove_member(self.organisation, user=person, by=self.person)
        except PermissionRefused as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        if person == self.person:
            messages.success(request, f"You left {self.organisation}")
            return redirect("/your-services")
        messages.success(request, f"{person} was removed")
        return redirect("organisations:member-list", organisation_id=self.organisation.pk)


class InvitationCancel(OrganisationAccessMixin, View):
    """Takes an invitation back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, invitation_id: UUID) -> HttpResponse:
        invitation = OrganisationInvitation.objects.filter(pk=invitation_id, organisation=self.organisation).first()
        if invitation is None:
            raise Http404
        try:
            members.cancel_invitation(invitation, by=self.person)
        except PermissionRefused as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"The invitation of {invitation.email} was cancelled")
        return redirect("organisations:member-list", organisation_id=self.organisation.pk)
