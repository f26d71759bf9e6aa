"""Asking the platform's designers for a brand."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from notify.lib.ids import uuid7
from services.models.service import Service


class BrandRequest(models.Model):
    """What a team would like its emails or letters to look like, waiting for a designer."""

    class Kind(models.TextChoices):
        EMAIL = "email", "Email"
        LETTER = "letter", "Letter"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="brand_requests")
    kind = models.CharField(max_length=6, choices=Kind)
    text = models.TextField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answer = models.TextField(blank=True)

    objects: models.Manager["BrandRequest"]

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], condition=Q(answered_at=None), name="brand_request_waiting")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} brand for {self.service}"
