"""Asking somebody to join a service's team."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from notify.lib import clock
from notify.lib.ids import uuid7
from services.models.service import Service

# reference: domain-rules §1.1
LIFETIME = timedelta(days=2)


class ServiceInvitation(models.Model):
    """An email that asks one person to join, valid for two days."""

    class Status(models.TextChoices):
        PENDING = "pending", "Invited"
        ACCEPTED = "accepted", "Accepted"
        CANCELLED = "cancelled", "Cancelled"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=320)
    permissions = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    # Empty while sees_all_folders.
    folders = ArrayField(models.UUIDField(), default=list, blank=True)
    sees_all_folders = models.BooleanField(default=True)
    # How the person signs in from then on; empty: as they do now.
    sign_in_method = models.CharField(max_length=15, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    # Sent again: the two days begin anew.
    sent_at = models.DateTimeField(default=clock.now)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: models.Manager["ServiceInvitation"]

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(fields=["service", "email"], condition=Q(status="pending"), name="service_invitation_once"),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_expired(self) -> bool:
        return self.sent_at + LIFETIME <= clock.now()

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.PENDING and not self.is_expired
