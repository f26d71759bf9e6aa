"""Asking to join the team of another service of one's organisation."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from notify.lib.ids import uuid7
from services.models.service import Service


class JoinRequest(models.Model):
    """One person's wish to join a team, put to the managers they chose."""

    class Status(models.TextChoices):
        PENDING = "pending", "Waiting"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        CANCELLED = "cancelled", "Cancelled"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="join_requests")
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="join_requests")
    asked = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    reason = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects: models.Manager["JoinRequest"]

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["service", "requester"], condition=Q(status="pending"), name="join_request_once"),
        ]

    def __str__(self) -> str:
        return f"{self.requester} to {self.service}"
