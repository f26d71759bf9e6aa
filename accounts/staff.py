"""The platform's own people: superusers, and staff who hold a right through a back-office group."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from audit.actors import Actor
from audit.record import System
from notify.lib.refusals import PermissionRefused


def may(by: Actor | AnonymousUser, permission: str) -> bool:
    """Whether a person holds one of the platform's rights, like `services.change_service`."""
    return isinstance(by, User) and by.is_staff and by.is_active and by.has_perm(permission)


def require(by: Actor, permission: str) -> None:
    """Refuse everybody but the platform itself and staff with the right, with PermissionRefused."""
    if not isinstance(by, System) and not may(by, permission):
        raise PermissionRefused("Only the platform’s staff can do this")


def person(by: Actor) -> User | None:
    """The person behind an action, for columns that name one; None for the platform itself and for API keys."""
    return by if isinstance(by, User) else None
