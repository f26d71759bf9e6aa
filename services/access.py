"""Who may see and do what at a service: not a member → 404, a member without the right → 403."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.generic.base import ContextMixin

from accounts import guardian, staff
from accounts.access import PersonMixin, person_of
from accounts.models import User
from audit.actors import Actor
from audit.record import System
from notify.lib.refusals import PermissionRefused
from organisations import queries as organisations
from services.actions import support
from services.enums import KeyScope
from services.models import ApiKey, Membership, Service
from services.permissions import MANAGE_TEMPLATES, SERVICE_PERMISSIONS
from services.slots.navigation import navigation

CHANGE = "services.change_service"
VIEW = "services.view_service"
# The navigation of people who are not on the team but belong to the organisation.
OPEN_TO_ORGANISATION = frozenset({"templates", "team", "usage"})


class ServiceAccess:
    """What one person is and may do at one service. Each question is asked of the database once at most."""

    def __init__(self, user: User, service: Service) -> None:
        self.user = user
        self.service = service

    @cached_property
    def membership(self) -> Membership | None:
        """The person's place on the team; None where they have none, or their access has run out."""
        return Membership.objects.current().filter(service=self.service, user=self.user).first()

    @cached_property
    def acts_for_team(self) -> bool:
        """Whether this is somebody of the platform's staff who may do everything here, or is in a support session."""
        return staff.may(self.user, CHANGE) or support.session_of(self.user, self.service.pk) is not None

    @cached_property
    def belongs_to_owner(self) -> bool:
        """Whether the person is a member of the organisation that owns the service (reference: web-ui §1.2, “+ORG”)."""
        owner = self.service.organisation
        return owner is not None and owner.archived_at is None and organisations.is_member(self.user, owner)

    @cached_property
    def held(self) -> frozenset[str]:
        """Everything the person may do here. The platform's staff may do everything, those who only read may look."""
        if self.acts_for_team:
            return frozenset(SERVICE_PERMISSIONS)
        return frozenset() if self.membership is None else guardian.permissions_of(self.user, self.service)

    def require(self, needs: str | None, *, or_organisation: bool = False) -> None:
        """Let the person pass; `needs` is one of services.permissions, None asks for membership alone.

        With `or_organisation` the members of the organisation that owns the service may look too, whatever `needs` says.
        Raises Http404 for people outside the team and for archived services (which staff still see), PermissionDenied for
        members without the right.
        """
        if self.acts_for_team or (needs is None and staff.may(self.user, VIEW)):
            return
        if self.service.archived_at is not None:
            raise Http404
        if self.membership is not None and (needs is None or needs in self.held):
            return
        if or_organisation and self.belongs_to_owner:
            return
        if self.membership is None:
            raise Http404
        raise PermissionDenied


def access_of(request: HttpRequest, service_id: UUID) -> ServiceAccess:
    """The access of a request's person to a service, loaded once for middleware and views. Raises Http404 for no service."""
    found: ServiceAccess | None = getattr(request, "service_access", None)
    if found is None or found.service.pk != service_id:
        found = ServiceAccess(person_of(request), _load(service_id))
        request.service_access = found  # type: ignore[attr-defined]
    return found


def _load(service_id: UUID) -> Service:
    return get_object_or_404(Service.objects.select_related("organisation", "email_brand", "letter_brand"), pk=service_id)


def is_member(user: User, service: Service) -> bool:
    """Whether a person is on the team now, and their access has not run out."""
    return ServiceAccess(user, service).membership is not None


def permissions_at(user: User, service: Service) -> frozenset[str]:
    """Everything a person may do at a service now."""
    return ServiceAccess(user, service).held


def get_service(user: User, service_id: UUID, *, needs: str | None = None, or_organisation: bool = False) -> Service:
    """Load and authorise outside a page of the service; raises as ServiceAccess.require does."""
    access = ServiceAccess(user, _load(service_id))
    access.require(needs, or_organisation=or_organisation)
    return access.service


def require(by: Actor, service: Service, permission: str) -> None:
    """The actions' own check: refuses with PermissionRefused whoever may not do this at this service.

    The platform itself and its staff may; an API key may manage its own service's templates with the scope `templates`, and
    everything else with the scope `manage`. Of people it refuses more than `user.has_perm("services.manage_service", service)`,
    which knows the grants alone: those whose membership has run out.
    """
    if isinstance(by, System) or staff.may(by, CHANGE):
        return
    if isinstance(by, ApiKey):
        wanted = {KeyScope.MANAGE} | ({KeyScope.TEMPLATES} if permission == MANAGE_TEMPLATES else set())
        if by.service_id == service.pk and wanted & set(by.scopes):
            return
        raise PermissionRefused("This API key does not have the scope for this")
    if not isinstance(by, User) or permission not in permissions_at(by, service):
        raise PermissionRefused(f"You do not have permission: {SERVICE_PERMISSIONS.get(permission, permission)}")


class ServiceAccessMixin(ContextMixin, PersonMixin):
    """Puts `self.service` and `self.service_access` in place for a view.

    `needs` is a permission of services.permissions, or None for any member; a page that asks for more says so in `may_open`.
    """

    needs: str | None = None
    access = "service"
    # Which link of the service's navigation the page belongs to.
    nav_current = ""
    # Also for members of the organisation that owns the service, who look at usage, templates and teams of its services.
    open_to_organisation = False
    service_access: ServiceAccess
    service: Service

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.service_access = access_of(self.request, kwargs.pop("service_id"))
        self.service = self.service_access.service
        self.service_access.require(self.needs, or_organisation=self.open_to_organisation)
        if not self.may_open():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def may_open(self) -> bool:
        """Whether somebody whom `needs` lets pass may open this page."""
        return True

    @property
    def held(self) -> frozenset[str]:
        """Everything the person in front of the page may do here."""
        return self.service_access.held

    def may(self, permission: str) -> bool:
        return permission in self.held

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {
            "service": self.service,
            "held": self.held,
            "service_navigation": self._navigation(context.get("nav_current") or self.nav_current),
        } | context

    def _navigation(self, current: str) -> list[dict[str, object]]:
        """Members of the organisation alone see only the links that are open to them."""
        as_organisation = self.open_to_organisation and not self.held and self.service_access.membership is None
        only = OPEN_TO_ORGANISATION if as_organisation else None
        return navigation(self.service, self.held, current=current, only=only)
