"""Who may stand at an action's door. People are made when a test first names them."""

from functools import cached_property
from typing import Any

from django.contrib.auth.models import Group

from accounts.models import User
from audit.record import SYSTEM
from notify import admin_groups
from organisations.models import Organisation
from organisations.permissions import MAKE_SERVICES_LIVE
from services.models import ApiKey, Membership, Service
from services.permissions import SERVICE_PERMISSIONS, VIEW_ACTIVITY
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory, belong
from tests.factories.services import ApiKeyFactory, LiveServiceFactory, ServiceFactory, join


def staff_in(group: str, **fields: Any) -> User:
    """Somebody of the platform's staff."""
    person = UserFactory(is_staff=True, **fields)
    person.groups.add(Group.objects.get(name=group))
    return person


class PlatformCast:
    """The platform's own people, and somebody who is none of them."""

    PEOPLE: tuple[str, ...] = ("outsider", "superuser", "staff", "support", "reviewer", "designer", "system")

    @cached_property
    def outsider(self) -> User:
        """Manages another service of another organisation."""
        return join(ServiceFactory(name="Elsewhere"), UserFactory(name="Oz Outsider"), *SERVICE_PERMISSIONS)

    @cached_property
    def superuser(self) -> User:
        return UserFactory(name="Su Super", is_staff=True, is_superuser=True)

    @cached_property
    def staff(self) -> User:
        return staff_in(admin_groups.PLATFORM_ADMIN, name="Pat Platform")

    @cached_property
    def support(self) -> User:
        """May look at everything and change nothing."""
        return staff_in(admin_groups.SUPPORT, name="Sam Support")

    @cached_property
    def reviewer(self) -> User:
        return staff_in(admin_groups.GO_LIVE_REVIEWER, name="Rae Reviewer")

    @cached_property
    def designer(self) -> User:
        return staff_in(admin_groups.DESIGNER, name="Dee Designer")

    @cached_property
    def system(self) -> Any:
        return SYSTEM


class OrganisationCast(PlatformCast):
    """An organisation with two members, one of whom may approve go-live requests."""

    PEOPLE = (*PlatformCast.PEOPLE, "colleague", "approver")

    @cached_property
    def organisation(self) -> Organisation:
        return OrganisationFactory(name="Department for Example")

    @cached_property
    def colleague(self) -> User:
        return belong(self.organisation, UserFactory(name="Co League"))

    @cached_property
    def approver(self) -> User:
        return belong(self.organisation, UserFactory(name="Ana Approver"), MAKE_SERVICES_LIVE)


class ServiceCast(OrganisationCast):
    """A trial service of the organisation, with its team and its keys."""

    PEOPLE = (*OrganisationCast.PEOPLE, "manager", "member", "key", "key_without_scope", "key_elsewhere")

    @cached_property
    def service(self) -> Service:
        return ServiceFactory(name="Bin collections", organisation=self.organisation)

    @cached_property
    def manager(self) -> User:
        """May do everything on the team."""
        return join(self.service, UserFactory(name="Mo Manager"), *SERVICE_PERMISSIONS)

    @cached_property
    def member(self) -> User:
        """May look at the dashboard."""
        return join(self.service, UserFactory(name="Mel Member"), VIEW_ACTIVITY)

    @cached_property
    def key(self) -> ApiKey:
        """A key that manages the service."""
        return ApiKeyFactory(service=self.service, name="Managing", scopes=["manage"])

    @cached_property
    def key_without_scope(self) -> ApiKey:
        return ApiKeyFactory(service=self.service, name="Sending", scopes=["send_sms", "templates"])

    @cached_property
    def key_elsewhere(self) -> ApiKey:
        """Manages another service."""
        return ApiKeyFactory(service=ServiceFactory(name="Far away"), name="Managing", scopes=["manage"])

    def membership_of(self, person: User) -> Membership:
        return Membership.objects.get(service=self.service, user=person)


class LiveServiceCast(ServiceCast):
    """The same with a live service."""

    @cached_property
    def service(self) -> Service:
        return LiveServiceFactory(name="Bin collections", organisation=self.organisation)


KEYS = ("key", "key_without_scope", "key_elsewhere")
# Who may do what a permission of the team allows: services.access.require.
TEAM = ("manager", "key", "staff", "superuser", "system")
STAFF = ("staff", "superuser", "system")
