"""Managing the team: who belongs, who is invited, and what each may do."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework import serializers

from accounts import guardian
from notify.lib import clock
from notify.lib.api_errors import json_response, no_result
from services.actions import members
from services.api import openapi
from services.api.management import Input, ManageView
from services.models import Membership, ServiceInvitation
from services.permissions import SERVICE_PERMISSIONS


class PermissionsInput(Input):
    permissions = serializers.ListField(child=serializers.ChoiceField(list(SERVICE_PERMISSIONS.items())))
    expires_at = serializers.DateTimeField(required=False, allow_null=True)


class InvitationInput(Input):
    email = serializers.CharField(max_length=320)
    permissions = serializers.ListField(child=serializers.ChoiceField(list(SERVICE_PERMISSIONS.items())))


class TeamView(ManageView):
    """/api/team"""

    @openapi.read_team
    def get(self, request: HttpRequest) -> HttpResponse:
        memberships = Membership.objects.filter(service=self.service).select_related("user").order_by("pk")
        pending = ServiceInvitation.objects.filter(service=self.service, status=ServiceInvitation.Status.PENDING)
        return json_response(
            {
                "members": [_member(each) for each in memberships],
                "invitations": [_invitation(each) for each in pending],
            }
        )


class InvitationsView(ManageView):
    """/api/team/invitations"""

    @openapi.invite(InvitationInput)
    def post(self, request: HttpRequest) -> HttpResponse:
        return json_response(_invitation(members.invite(self.service, by=self.key, **self.validated(InvitationInput))), 201)


class InvitationView(ManageView):
    """/api/team/invitations/{id}"""

    @openapi.cancel_invitation
    def delete(self, request: HttpRequest, invitation_id: str) -> HttpResponse:
        invitation = self.find(ServiceInvitation, invitation_id)
        return json_response(_invitation(members.cancel_invitation(invitation, by=self.key)))


class MemberView(ManageView):
    """/api/team/members/{user_id}"""

    @openapi.change_member(PermissionsInput)
    def put(self, request: HttpRequest, user_id: str) -> HttpResponse:
        membership = self._membership(user_id)
        return json_response(_member(members.change_permissions(membership, by=self.key, **self.validated(PermissionsInput))))

    @openapi.remove_member
    def delete(self, request: HttpRequest, user_id: str) -> HttpResponse:
        members.remove_member(self._membership(user_id), by=self.key)
        return json_response({"id": str(self.id(user_id)), "removed": True})

    def _membership(self, user_id: str) -> Membership:
        found = Membership.objects.filter(service=self.service, user_id=self.id(user_id)).select_related("user").first()
        if found is None:
            raise no_result()
        found.service = self.service
        return found


def _member(membership: Membership) -> dict[str, Any]:
    return {
        "id": str(membership.user_id),
        "name": membership.user.name,
        "email": membership.user.email,
        "permissions": sorted(guardian.permissions_of(membership.user, membership.service)),
        "expires_at": clock.wire(membership.expires_at),
    }


def _invitation(invitation: ServiceInvitation) -> dict[str, Any]:
    return {
        "id": str(invitation.pk),
        "email": invitation.email,
        "permissions": sorted(invitation.permissions),
        "status": "expired" if invitation.status == "pending" and invitation.is_expired else invitation.status,
        "sent_at": clock.wire(invitation.sent_at),
    }
