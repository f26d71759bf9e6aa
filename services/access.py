"""Who may see and do what at a service: not a member → 404, a member without the right → 403."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest
from rest_framework.permissions import BasePermission

from accounts import guardian, staff
from audit.actors import Actor
from audit.record import System
from notify.lib import clock
from notify.lib.refusals import PermissionRefused
from organisations import queries as organisations
from services import support
from services.enums import KeyScope
from services.models import ApiKey, Membership, Service
from services.navigation import navigation
from services.permissions import MANAGE_TEMPLATES, SERVICE_PERMISSIONS

CHANGE = "services.change_service"
VIEW = "services.view_service"
# The navigation of people who are not on the team but belong to the organisation.
OPEN_TO_ORGANISATION = frozenset({"templates", "team", "usage"})


def is_member(user: Any, service: Service) -> bool:
    """Whether a person is on the team, and their access has not run out."""
    return (
        Membership.objects.filter(service=service, user=user)
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=clock.now()))
        .exists()
    )


def belongs_to_owner(user: Any, service: Service) -> bool:
    """Whether a person is a member of the organisation that owns a service (reference: web-ui §1.2, “+ORG”)."""
    owner = service.organisation
    return owner is not None and owner.archived_at is None and organisations.is_member(user, owner)


def permissions_at(user: Any, service: Service) -> frozenset[str]:
    """Everything a person may do at a service. The platform's staff may do everything, those who only read may look."""
    if staff.may(user, CHANGE) or support.session_of(user, service.pk):
        return frozenset(SERVICE_PERMISSIONS)
    return guardian.permissions_of(user, service) if is_member(user, service) else frozenset()


def get_service(user: Any, service_id: UUID, *, needs: str | None = None, or_organisation: bool = False) -> Service:
    """Load and authorise; `needs` is one of services.permissions, None asks for membership alone.

    With `or_organisation` the members of the organisation that owns the service may look too, whatever `needs` says. Raises
    Http404 for people outside the team and for archived services (which staff still see), PermissionDenied for members
    without the right.
    """
    service = Service.objects.select_related("organisation", "email_brand", "letter_brand").filter(pk=service_id).first()
    if service is None:
        raise Http404
    if staff.may(user, CHANGE) or support.session_of(user, service_id) or (needs is None and staff.may(user, VIEW)):
        return service
    if service.archived_at is None and or_organisation and belongs_to_owner(user, service):
        return service
    if service.archived_at is not None or not is_member(user, service):
        raise Http404
    if needs is not None and needs not in guardian.permissions_of(user, service):
        raise PermissionDenied
    return service


def require(by: Actor, service: Service, permission: str) -> None:
    """The actions' own check: refuses with PermissionRefused whoever may not do this at this service.

    The platform itself and its staff may; an API key may manage its own service's templates with the scope `templates`, and
    everything else with the scope `manage`.
    """
    if isinstance(by, System) or staff.may(by, CHANGE):
        return
    if isinstance(by, ApiKey):
        wanted = {KeyScope.MANAGE} | ({KeyScope.TEMPLATES} if permission == MANAGE_TEMPLATES else set())
        if by.service_id == service.pk and wanted & set(by.scopes):
            return
        raise PermissionRefused("This API key does not have the scope for this")
    if permission not in permissions_at(by, service):
        raise PermissionRefused(f"You do not have permission: {SERVICE_PERMISSIONS.get(permission, permission)}")


class ServiceAccessMixin:
    """Puts `self.service` in place for a view. `needs` is a permission of services.permissions, or None for any member."""

    needs: str | None = None
    access = "service"
    # Which link of the service's navigation the page belongs to.
    nav_current = ""
    # Also for members of the organisation that owns the service, who look at usage, templates and teams of its services.
    open_to_organisation = False
    service: Service
    request: HttpRequest

    def dispatch(self, request: Any, *args: Any, service_id: UUID, **kwargs: Any) -> Any:
        self.service = get_service(request.user, service_id, needs=self.needs, or_organisation=self.open_to_organisation)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def may(self, permission: str) -> bool:
        """Whether the person in front of the page has a right here; one query for all."""
        return permission in self.held

    @property
    def held(self) -> frozenset[str]:
        found: frozenset[str] | None = self.__dict__.get("_held")
        if found is None:
            found = self.__dict__["_held"] = permissions_at(self.request.user, self.service)
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return {
            "service": self.service,
            "held": self.held,
            "service_navigation": self._navigation(context.get("nav_current") or self.nav_current),
        } | context

    def _navigation(self, current: str) -> list[dict[str, object]]:
        """Members of the organisation alone see only the links that are open to them."""
        as_organisation = self.open_to_organisation and not self.held and not is_member(self.request.user, self.service)
        only = OPEN_TO_ORGANISATION if as_organisation else None
        return navigation(self.service, self.held, current=current, only=only)


class HasServicePermission(BasePermission):
    """The same question for a DRF view that sets `needs`."""

    def has_permission(self, request: Any, view: Any) -> bool:
        get_service(request.user, view.kwargs["service_id"], needs=view.needs)
        return True
