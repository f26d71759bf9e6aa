"""Addresses of this app's pages."""

from django.urls import URLPattern, URLResolver, include, path

from organisations.views import dashboard, invitations, team

app_name = "organisations"

_one = [
    path("", dashboard.OrganisationDashboard.as_view(), name="organisation-dashboard"),
    path("/usage.csv", dashboard.UsageDownload.as_view(), name="usage-download"),
    path("/trial-services", dashboard.TrialServices.as_view(), name="trial-service-list"),
    path("/go-live-requests", dashboard.GoLiveRequests.as_view(), name="go-live-request-list"),
    path("/settings", dashboard.OrganisationSettings.as_view(), name="organisation-settings"),
    path("/agreement", dashboard.OrganisationAgreement.as_view(), name="agreement-detail"),
    path("/users", team.MemberList.as_view(), name="member-list"),
    path("/users/invite", team.MemberInvite.as_view(), name="member-invite"),
    path("/users/<uuid:user_id>", team.MemberEdit.as_view(), name="member-edit"),
    path("/users/<uuid:user_id>/remove", team.MemberRemove.as_view(), name="member-remove"),
    path("/invitations/<uuid:invitation_id>/cancel", team.InvitationCancel.as_view(), name="invitation-cancel"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("organisations", dashboard.OrganisationList.as_view(), name="organisation-list"),
    path("organisations/<uuid:organisation_id>", include(_one)),
    path("organisation-invitations/<str:token>", invitations.accept, name="invitation-accept"),
]
