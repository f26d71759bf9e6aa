"""When a person's account is archived, they leave their organisations."""

from accounts import guardian
from accounts.models import User
from organisations.models import OrganisationMember


def leave(user: User) -> None:
    """Take a person off every organisation's team, with everything they may do there."""
    for membership in OrganisationMember.objects.filter(user=user).select_related("organisation"):
        guardian.revoke_all(user, membership.organisation)
        membership.delete()
