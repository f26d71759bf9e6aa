"""People who are not to be written to, and what told us so."""

from django.conf import settings
from django.db import models

from messaging.notifications.enums import SuppressionReason
from notify.lib.crypto import EncryptedTextField
from notify.lib.ids import uuid7
from services.enums import Channel


class Suppression(models.Model):
    """A recipient a service no longer writes to on one channel."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey("services.Service", on_delete=models.CASCADE, related_name="suppressions")
    channel = models.CharField(max_length=6, choices=Channel)
    recipient = EncryptedTextField()
    recipient_hash = models.BinaryField(max_length=16)
    reason = models.CharField(max_length=12, choices=SuppressionReason)
    notification_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects: models.Manager["Suppression"]

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["service", "channel", "recipient_hash"], name="suppression_once"),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.reason}"


class UnsubscribeRequest(models.Model):
    """Somebody asked, by the link in an email, not to be written to again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey("services.Service", on_delete=models.CASCADE, related_name="unsubscribe_requests")
    notification_id = models.UUIDField(unique=True)
    template_id = models.UUIDField()
    email_address = EncryptedTextField()
    created_at = models.DateTimeField(auto_now_add=True)
    # When a member marked the request's report as dealt with.
    processed_at = models.DateTimeField(null=True, blank=True)
    processed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects: models.Manager["UnsubscribeRequest"]

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["service", "-id"], name="unsubscribe_by_service")]

    def __str__(self) -> str:
        return str(self.id)


class Complaint(models.Model):
    """Somebody marked a service's email as spam."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey("services.Service", on_delete=models.CASCADE, related_name="complaints")
    notification_id = models.UUIDField()
    kind = models.CharField(max_length=30, blank=True)
    provider_reference = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: models.Manager["Complaint"]

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.id)
