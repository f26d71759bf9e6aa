"""Who may see and do what at an organisation."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.generic.base import ContextMixin

from accounts import guardian, staff
from accounts.access import PersonMixin
from accounts.models import User
from audit.actors import Actor
from organisations import queries
from organisations.models import Organisation
from organisations.permissions import ORGANISATION_PERMISSIONS

VIEW = "organisations.view_organisation"
CHANGE = "organisations.change_organisation"
CHOOSE_BRANDS = "organisations.choose_brands"


def is_platform_staff(user: User, permission: str = VIEW) -> bool:
    """Whether a person looks after organisations for the platform."""
    return staff.may(user, permission)


def require_staff(by: Actor, permission: str = CHANGE) -> None:
    """Refuse everybody but the platform and its staff with PermissionRefused."""
    staff.require(by, permission)


def may_manage_members(user: User, organisation: Organisation) -> bool:
    """Members of an organisation look after its team themselves; so does the platform's staff."""
    return is_platform_staff(user, CHANGE) or queries.is_member(user, organisation)


def get_organisation(user: User, organisation_id: UUID, *, needs: str | None = None) -> Organisation:
    """Load and authorise: Http404 for outsiders, PermissionDenied for members without the right."""
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        raise Http404
    if is_platform_staff(user, CHANGE if needs else VIEW):
        return organisation
    if organisation.archived_at or not queries.is_member(user, organisation):
        raise Http404
    if needs and needs not in guardian.permissions_of(user, organisation):
        raise PermissionDenied
    return organisation


def permissions_at(user: User, organisation: Organisation) -> frozenset[str]:
    """What a person may do at an organisation; staff may do everything."""
    if is_platform_staff(user, CHANGE):
        return frozenset(ORGANISATION_PERMISSIONS)
    return guardian.permissions_of(user, organisation)


class OrganisationAccessMixin(ContextMixin, PersonMixin):
    """Puts `self.organisation` in place for a view; set `needs` to a permission of organisations.permissions, or None."""

    needs: str | None = None
    access = "organisation"
    organisation: Organisation

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.organisation = get_organisation(self.person, kwargs.pop("organisation_id"), needs=self.needs)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def held(self) -> frozenset[str]:
        """What the person in front of the page may do here; asked once."""
        return permissions_at(self.person, self.organisation)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "organisation": self.organisation,
            "organisation_permissions": self.held,
            "is_platform_staff": is_platform_staff(self.person, CHANGE),
        }
