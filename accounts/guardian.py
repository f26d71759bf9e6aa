"""The one door to django-guardian: nobody else imports it.

Grants are rows of a direct-foreign-key table per model, limited to an allow-list of codenames (docs/architecture.md). Behind
the door guardian's own functions do the work, asked for people and single objects only: no groups, no rights on a whole model,
and no row for people who are not signed in.
"""

from typing import Any, ClassVar, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from guardian.models import UserObjectPermissionBase
from guardian.shortcuts import assign_perm, get_objects_for_user, get_user_perms, get_users_with_perms, remove_perm
from guardian.utils import get_user_obj_perms_model

from accounts.models import User

M = TypeVar("M", bound=models.Model)


class AllowListedUserPermission(UserObjectPermissionBase):
    """Base of a model's grant table; refuses a codename outside `allowed` with ValidationError."""

    allowed: ClassVar[frozenset[str]] = frozenset()

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.permission.codename not in self.allowed:
            raise ValidationError(f"{self.permission.codename!r} cannot be granted on a single object")
        super().save(*args, **kwargs)


def _table(model: type[models.Model]) -> type[AllowListedUserPermission]:
    """The grant table of a model. Refuses a model without one with TypeError: guardian's generic table is not used."""
    table = get_user_obj_perms_model(model)  # type: ignore[arg-type]
    if not issubclass(table, AllowListedUserPermission):
        raise TypeError(f"Nothing can be granted on a single {model._meta.verbose_name}")
    return table


def grant(user: User, codename: str, obj: models.Model) -> None:
    """Give a person one right on one object; granting twice is harmless. Refuses a codename outside the allow-list."""
    if codename not in _table(type(obj)).allowed:
        raise ValidationError(f"{codename!r} cannot be granted on a single object")
    assign_perm(codename, user, obj)


def revoke(user: User, codename: str, obj: models.Model) -> None:
    """Take one right on one object away; nothing happens if it was not held."""
    remove_perm(codename, user, obj)


def revoke_all(user: User, obj: models.Model) -> None:
    """Take away every right a person holds on an object: one statement, where guardian would need one for each."""
    _table(type(obj)).objects.filter(user=user, content_object=obj).delete()  # type: ignore[misc]


def permissions_of(user: User, obj: models.Model) -> frozenset[str]:
    """Everything that was granted to this person on this object: one query. Nobody who is not active holds anything.

    `user.has_perm("services.manage_service", service)` says the same at two queries for each question, except that Django
    answers yes to a superuser, who was granted nothing. What lies beside the grants, both leave to the apps' access.py: a
    membership that has run out, and what the platform's staff may do by their groups.
    """
    if not getattr(user, "is_authenticated", False):
        return frozenset()
    return frozenset(get_user_perms(user, obj))


def users_with(codename: str, obj: models.Model) -> frozenset[Any]:
    """Ids of the people who hold a right on an object."""
    people = get_users_with_perms(obj, only_with_perms_in=[codename], with_group_users=False)
    return frozenset(people.values_list("pk", flat=True))  # type: ignore[union-attr]


def objects_for(user: User, codename: str, queryset: models.QuerySet[M]) -> models.QuerySet[M]:
    """The list form of `permissions_of`: the objects of a queryset on which this person holds the right."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return queryset.none()
    return get_objects_for_user(user, codename, queryset, use_groups=False, with_superuser=False, accept_global_perms=False)
