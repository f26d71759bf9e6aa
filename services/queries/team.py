"""Reading services, teams and guests."""

from django.db.models import QuerySet

from accounts import guardian
from accounts.models import User
from services.models import GuestListEntry, Membership, Service
from services.permissions import MANAGE_SERVICE


def current_memberships(service: Service) -> QuerySet[Membership]:
    """Memberships whose person is active and whose access has not run out."""
    return Membership.objects.current().filter(service=service, user__is_active=True)


def managers(service: Service) -> QuerySet[User]:
    """Active people who may manage the service."""
    return User.objects.filter(
        pk__in=guardian.users_with(MANAGE_SERVICE, service), service_memberships__in=current_memberships(service)
    ).distinct()


def lasting_managers(service: Service) -> QuerySet[User]:
    """Managers whose access has no last day: the ones a service can count on."""
    return User.objects.filter(
        pk__in=guardian.users_with(MANAGE_SERVICE, service),
        service_memberships__in=current_memberships(service).filter(expires_at=None),
    ).distinct()


def may_receive(service: Service, recipient: str, kind: str, *, guest_list: bool) -> bool:
    """Whether somebody is on the team or, if asked, on the guest list.

    `recipient` is an E.164 number with kind "phone", or a lower-case address with kind "email".
    """
    field = "user__mobile_number" if kind == "phone" else "user__email"
    if current_memberships(service).filter(**{field: recipient}).exists():
        return True
    return guest_list and GuestListEntry.objects.filter(service=service, kind=kind, normalised=recipient).exists()
