"""Managing the team: who belongs, who is invited, and what each may do."""

from rest_framework import serializers
from rest_framework.response import Response

from accounts import guardian
from notify.lib.api.errors import no_result
from notify.lib.api.fields import Id, Moment, Text
from notify.lib.api.openapi import endpoint
from notify.lib.api.parsers import ApiRequest
from notify.lib.api.serializers import DoneSerializer, Input, Shape
from services.actions import members
from services.api.base import ManageView, created, path_id
from services.models import Membership, ServiceInvitation
from services.permissions import SERVICE_PERMISSIONS


class PermissionsInput(Input):
    permissions = serializers.ListField(child=serializers.ChoiceField(list(SERVICE_PERMISSIONS.items())))
    expires_at = serializers.DateTimeField(required=False, allow_null=True)


class InvitationInput(Input):
    email = serializers.CharField(max_length=320)
    permissions = serializers.ListField(child=serializers.ChoiceField(list(SERVICE_PERMISSIONS.items())))


class MemberSerializer(Shape):
    id = Id(source="user_id")
    name = Text(source="user.name")
    email = Text(source="user.email")
    permissions = serializers.ListField(child=Text())
    expires_at = Moment(allow_null=True)

    def get_permissions(self, membership: Membership) -> list[str]:
        return sorted(guardian.permissions_of(membership.user, membership.service))


class InvitationSerializer(Shape):
    id = Id()
    email = Text()
    permissions = serializers.ListField(child=Text())
    status = Text()
    sent_at = Moment()

    def get_permissions(self, invitation: ServiceInvitation) -> list[str]:
        return sorted(invitation.permissions)

    def get_status(self, invitation: ServiceInvitation) -> str:
        return "expired" if invitation.status == "pending" and invitation.is_expired else invitation.status


class TeamSerializer(Shape):
    members = MemberSerializer(many=True)
    invitations = InvitationSerializer(many=True)


class TeamManageView(ManageView):
    tag = "Manage the team"


class TeamView(TeamManageView):
    """/api/team"""

    @endpoint("read_team", "Read the team and its invitations", TeamSerializer)
    def get(self, request: ApiRequest) -> Response:
        memberships = Membership.objects.filter(service=self.service).select_related("user").order_by("pk")
        pending = ServiceInvitation.objects.filter(service=self.service, status=ServiceInvitation.Status.PENDING)
        return Response(TeamSerializer.show({"members": memberships, "invitations": pending}))


class InvitationsView(TeamManageView):
    """/api/team/invitations"""

    @endpoint("invite", "Invite somebody", InvitationSerializer, request=InvitationInput, status=201)
    def post(self, request: ApiRequest) -> Response:
        return created(InvitationSerializer.show(members.invite(self.service, by=self.key, **self.validated(InvitationInput))))


class InvitationView(TeamManageView):
    """/api/team/invitations/{id}"""

    @endpoint("cancel_invitation", "Cancel an invitation", InvitationSerializer)
    def delete(self, request: ApiRequest, invitation_id: str) -> Response:
        invitation = self.find(ServiceInvitation, invitation_id)
        return Response(InvitationSerializer.show(members.cancel_invitation(invitation, by=self.key)))


class MemberView(TeamManageView):
    """/api/team/members/{user_id}"""

    @endpoint("change_member", "Change a member’s permissions", MemberSerializer, request=PermissionsInput)
    def put(self, request: ApiRequest, user_id: str) -> Response:
        membership = self._membership(user_id)
        changed = members.change_permissions(membership, by=self.key, **self.validated(PermissionsInput))
        return Response(MemberSerializer.show(changed))

    @endpoint("remove_member", "Remove a member", DoneSerializer)
    def delete(self, request: ApiRequest, user_id: str) -> Response:
        members.remove_member(self._membership(user_id), by=self.key)
        return Response({"id": str(path_id(user_id)), "removed": True})

    def _membership(self, user_id: str) -> Membership:
        found = Membership.objects.filter(service=self.service, user_id=path_id(user_id)).select_related("user").first()
        if found is None:
            raise no_result()
        found.service = self.service
        return found
