"""Texts that people send to a service."""

from datetime import timedelta
from typing import Self

from django.db import models

from notify.lib import clock
from notify.lib.crypto import EncryptedTextField
from notify.lib.ids import uuid7, uuid7_floor
from services.enums import Channel
from services.models import Service
from services.rules import retention_days


class InboundNumber(models.Model):
    """A number that can receive; free until a service takes it."""

    number = models.CharField(max_length=15, primary_key=True)
    provider = models.CharField(max_length=30)
    service = models.OneToOneField(
        "services.Service", null=True, blank=True, on_delete=models.SET_NULL, related_name="inbound_number"
    )
    sms_sender = models.ForeignKey("services.SmsSender", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: models.Manager["InboundNumber"]

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class ReceivedTextQuerySet(models.QuerySet["ReceivedText"]):
    def readable(self, service: Service) -> Self:
        """A service's received texts, as long as it keeps texts."""
        since = clock.now() - timedelta(days=retention_days(service, Channel.SMS))
        return self.filter(service=service, pk__gte=uuid7_floor(since))


class ReceivedText(models.Model):
    """A text somebody sent to a service's number."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey("services.Service", on_delete=models.CASCADE, related_name="received_texts")
    notify_number = models.CharField(max_length=15)
    user_number = EncryptedTextField()
    user_hash = models.BinaryField(max_length=16)
    content = EncryptedTextField()
    provider = models.CharField(max_length=30)
    # The provider's id: the same text told twice is stored once.
    provider_reference = models.CharField(max_length=255, blank=True)
    provider_date = models.DateTimeField(null=True)
    # STOP, START or HELP when the text is one of these words.
    keyword = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ReceivedTextQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["service", "-id"], name="received_text_by_service"),
            models.Index(fields=["service", "user_hash", "-id"], name="received_text_by_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_reference"],
                condition=~models.Q(provider_reference=""),
                name="received_text_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
