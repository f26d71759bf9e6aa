"""A service's own system, which is told what happens."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from callbacks.enums import Kind, OffReason
from notify.lib.crypto import EncryptedTextField
from notify.lib.ids import uuid7
from services.models import Service


class CallbackEndpoint(models.Model):
    """A URL that gets one kind of callback of a service, with the secrets that prove who calls."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="callback_endpoints")
    kind = models.CharField(max_length=20, choices=Kind)
    url = models.TextField()
    bearer_token = EncryptedTextField()
    # Standard Webhooks secrets, `whsec_…`; the earlier one signs along until its time is over.
    signing_secret = EncryptedTextField()
    previous_secret = EncryptedTextField(null=True)
    previous_secret_until = models.DateTimeField(null=True)
    # Empty: all.
    statuses = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    key_types = ArrayField(models.CharField(max_length=6), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    is_on = models.BooleanField(default=True)
    off_at = models.DateTimeField(null=True)
    off_reason = models.CharField(max_length=10, choices=OffReason, blank=True)
    # The circuit breaker: since when nothing but failures, how many in a row, and until when it is left alone.
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    rest_until = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)

    objects: models.Manager["CallbackEndpoint"]

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["service", "kind"], name="callback_endpoint_by_service")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_on=True, off_at__isnull=True) | models.Q(is_on=False, off_at__isnull=False),
                name="callback_endpoint_off_since",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.url}"

    @property
    def keeps_what_it_misses(self) -> bool:
        """Off by the platform's doing: what happens meanwhile is kept for when it is switched on again."""
        return not self.is_on and self.off_reason != OffReason.PERSON
