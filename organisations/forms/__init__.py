"""Forms of the organisation pages."""

from .team import InvitationForm, OrganisationPermissionsForm

__all__ = ["InvitationForm", "OrganisationPermissionsForm"]
