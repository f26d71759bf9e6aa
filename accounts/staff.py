"""The platform's own people: superusers, and staff who hold a right through a back-office group."""

from typing import Any

from accounts.models import User
from audit.actors import Actor
from audit.record import System
from notify.lib.refusals import PermissionRefused


def may(user: Any, permission: str) -> bool:
    """Whether a person holds one of the platform's rights, like `services.change_service`."""
    return bool(getattr(user, "is_staff", False) and user.is_active and user.has_perm(permission))


def require(by: Actor, permission: str) -> None:
    """Refuse everybody but the platform itself and staff with the right, with PermissionRefused."""
    if not isinstance(by, System) and not may(by, permission):
        raise PermissionRefused("Only the platform’s staff can do this")


def person(by: Actor) -> User | None:
    """The person behind an action, for columns that name one; None for the platform itself and for API keys."""
    return by if isinstance(by, User) else None
