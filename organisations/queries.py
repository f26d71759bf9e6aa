"""Reads about organisations."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, QuerySet

from accounts import guardian
from accounts.models import User
from organisations.models import Domain, Organisation, OrganisationMember
from organisations.permissions import MAKE_SERVICES_LIVE
from organisations.rules import domains_of


def organisation_for_email(email: str) -> Organisation | None:
    """The organisation a person belongs to by email address: the one with the longest matching domain."""
    candidates = domains_of(email)
    if not candidates:
        return None
    matches = Domain.objects.filter(domain__in=candidates, organisation__archived_at=None).select_related("organisation")
    best = max(matches, key=lambda match: len(match.domain), default=None)
    return best.organisation if best else None


def registered_domains() -> set[str]:
    """Every domain of every organisation, for accounts.email_domains."""
    return set(Domain.objects.filter(organisation__archived_at=None).values_list("domain", flat=True))


def is_registered_email(email: str) -> bool:
    """Whether an address is on a domain of some organisation."""
    candidates = domains_of(email)
    return bool(candidates) and Domain.objects.filter(domain__in=candidates, organisation__archived_at=None).exists()


def visible_to(user: User) -> QuerySet[Organisation]:
    """The organisations a person belongs to; archived ones are left out."""
    mine = OrganisationMember.objects.filter(organisation=OuterRef("pk"), user=user)
    return Organisation.objects.active().filter(Exists(mine))


def is_member(user: User, organisation: Organisation) -> bool:
    return OrganisationMember.objects.filter(organisation=organisation, user=user).exists()


def approvers(organisation: Organisation) -> QuerySet[Any]:
    """The people who may approve the go-live requests of an organisation that approves its own; else nobody."""
    people = get_user_model()._default_manager
    if not organisation.can_approve_own_go_live_requests:
        return people.none()
    holders = guardian.users_with(MAKE_SERVICES_LIVE, organisation)
    return people.filter(pk__in=holders, organisation_memberships__organisation=organisation, is_active=True)


def may_make_services_live(user: User, organisation: Organisation | None) -> bool:
    """Whether a person may answer go-live requests of an organisation's services as one of its members."""
    if organisation is None or organisation.archived_at or not organisation.can_approve_own_go_live_requests:
        return False
    return is_member(user, organisation) and MAKE_SERVICES_LIVE in guardian.permissions_of(user, organisation)
