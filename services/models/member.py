"""Who belongs to a service, and what each person may do there."""

from typing import Self

from django.conf import settings
from django.db import models

from accounts.guardian import AllowListedUserPermission
from services.models.service import Service, unexpired
from services.permissions import SERVICE_PERMISSIONS


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        """Those whose access has not run out."""
        return self.filter(unexpired())


class Membership(models.Model):
    """A person on a service's team. What they may do are grants, see ServiceUserPermission."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="service_memberships")
    joined_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    # The person was told that their access ends soon.
    reminded_at = models.DateTimeField(null=True, blank=True)
    # Reading folders: all of them, or those in messaging.FolderAccess.
    sees_all_folders = models.BooleanField(default=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} in {self.service}"


class ServiceUserPermission(AllowListedUserPermission):
    """One right of one person on one service."""

    allowed = frozenset(SERVICE_PERMISSIONS)
    content_object = models.ForeignKey(Service, on_delete=models.CASCADE)
