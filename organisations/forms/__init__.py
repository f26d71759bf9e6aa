"""Forms of the organisation pages."""

from .team import InvitationForm, PermissionsForm

__all__ = ["InvitationForm", "PermissionsForm"]
