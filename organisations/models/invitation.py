"""Asking somebody to join an organisation."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from notify.lib import clock
from notify.lib.ids import uuid7
from organisations.models.organisation import Organisation

# reference: web-ui §20.4
LIFETIME = timedelta(days=2)


class OrganisationInvitation(models.Model):
    """An email asking one person to join, valid for two days. It never becomes a second one for the same address."""

    class Status(models.TextChoices):
        PENDING = "pending", "Invited"
        ACCEPTED = "accepted", "Accepted"
        CANCELLED = "cancelled", "Cancelled"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=320)
    permissions = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: models.Manager["OrganisationInvitation"]

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"], condition=Q(status="pending"), name="organisation_invitation_once"
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_expired(self) -> bool:
        return self.created_at + LIFETIME <= clock.now()

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.PENDING and not self.is_expired
