"""When a person's account is archived: which services could not do without them, and leaving the teams of the others."""

from collections.abc import Iterator

from accounts import guardian
from accounts.models import User
from accounts.public_sector import is_public_sector_email
from notify.lib.refusals import Reason
from services.enums import ServiceState
from services.models import Membership
from services.permissions import MANAGE_SERVICE
from services.queries import current_memberships, lasting_managers


def objections(user: User) -> Iterator[Reason]:
    """Teams that would be left empty or without enough managers (reference: domain-rules §1.1, team rule)."""
    memberships = Membership.objects.filter(user=user, service__archived_at=None).select_related("service")
    for membership in memberships:
        service = membership.service
        if not current_memberships(service).exclude(user=user).exists():
            yield Reason("alone", f"‘{service}’ would have no team members. Archive it or add somebody first")
        elif MANAGE_SERVICE in guardian.permissions_of(user, service) and is_public_sector_email(user.email):
            left = [p for p in lasting_managers(service) if p.pk != user.pk and is_public_sector_email(p.email)]
            needed = 1 if service.state == ServiceState.TRIAL else 2
            if len(left) < needed:
                yield Reason("managers", f"‘{service}’ would have too few people who can manage it")


def leave(user: User) -> None:
    """Take a person off every team, with everything they may do there."""
    for membership in Membership.objects.filter(user=user).select_related("service"):
        guardian.revoke_all(user, membership.service)
        membership.delete()
