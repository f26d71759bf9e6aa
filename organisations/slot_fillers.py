"""What organisations answer for accounts: their domains, and what happens when a person's account is archived."""

from accounts import guardian
from accounts.models import User
from accounts.slots import email_domain_sources, team_leavers
from organisations.models import OrganisationMember
from organisations.queries import is_registered_email


@team_leavers.fill
def remove_from_organisations(user: User) -> None:
    """Take a person off every organisation's team, with everything they may do there."""
    for membership in OrganisationMember.objects.filter(user=user).select_related("organisation"):
        guardian.revoke_all(user, membership.organisation)
        membership.delete()


email_domain_sources.fill(is_registered_email)
