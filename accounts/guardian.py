"""The one door to django-guardian: nobody else imports it.

Grants are rows of a direct-foreign-key table per model, limited to an allow-list of codenames (docs/architecture.md).
"""

from typing import Any, ClassVar, TypeVar

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef
from guardian.models import UserObjectPermissionBase

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


def _grants(obj_or_model: Any) -> Any:
    return obj_or_model.user_grants


def _permission(codename: str, model: type[models.Model]) -> Permission:
    content_type = ContentType.objects.get_for_model(model)
    return Permission.objects.get(content_type=content_type, codename=codename)


def grant(user: Any, codename: str, obj: models.Model) -> None:
    """Give a person one right on one object; granting twice is harmless. Refuses a codename outside the allow-list."""
    table = _grants(type(obj))()
    if codename not in table.allowed:
        raise ValidationError(f"{codename!r} cannot be granted on a single object")
    table.objects.get_or_create(user=user, permission=_permission(codename, type(obj)), content_object=obj)


def revoke(user: Any, codename: str, obj: models.Model) -> None:
    """Take one right on one object away; nothing happens if it was not held."""
    _grants(type(obj))().objects.filter(user=user, permission__codename=codename, content_object=obj).delete()


def revoke_all(user: Any, obj: models.Model) -> None:
    """Take away every right a person holds on an object."""
    _grants(type(obj))().objects.filter(user=user, content_object=obj).delete()


def permissions_of(user: Any, obj: models.Model) -> frozenset[str]:
    """Everything this person may do on this object: one query."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset()
    table = _grants(type(obj))()
    return frozenset(table.objects.filter(user=user, content_object=obj).values_list("permission__codename", flat=True))


def users_with(codename: str, obj: models.Model) -> frozenset[Any]:
    """Ids of the people who hold a right on an object."""
    table = _grants(type(obj))()
    return frozenset(table.objects.filter(content_object=obj, permission__codename=codename).values_list("user_id", flat=True))


def objects_for(user: Any, codename: str, queryset: models.QuerySet[M]) -> models.QuerySet[M]:
    """The list form of the same rule: the objects of a queryset on which this person holds the right."""
    table = _grants(queryset.model)()
    held = table.objects.filter(user=user, permission__codename=codename, content_object=OuterRef("pk"))
    return queryset.filter(Exists(held))
