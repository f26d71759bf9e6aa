"""What the sandbox keeps and how it behaves."""

from django.db import models

from notify.lib.crypto import EncryptedTextField
from notify.lib.ids import uuid7
from services.enums import Channel


class SandboxMessage(models.Model):
    """What would have arrived: shown on the sandbox page, delivered to nobody."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # Empty for the platform's own messages (codes, links, invitations).
    notification_id = models.UUIDField(null=True, db_index=True)
    service_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=6, choices=Channel)
    to = EncryptedTextField()
    to_hash = models.BinaryField(max_length=16, db_index=True)
    sender = models.CharField(max_length=400, blank=True)
    reply_to = models.CharField(max_length=320, blank=True)
    subject = models.TextField(blank=True)
    text = EncryptedTextField()
    html = EncryptedTextField(null=True)
    pdf = models.FileField(upload_to="sandbox/", blank=True)
    headers = models.JSONField(default=dict)
    outcome = models.CharField(max_length=20, default="delivered")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: models.Manager["SandboxMessage"]

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.channel} in the sandbox"


class SandboxBehaviour(models.Model):
    """What the sandbox does with the next messages of a channel."""

    class Behaviour(models.TextChoices):
        DELIVER = "deliver", "Deliver"
        DELAY = "delay", "Deliver after a while"
        BOUNCE = "bounce", "Fail for good (no such number or address)"
        TEMPORARY = "temporary", "Fail for now (phone off, mailbox full)"
        REFUSE = "refuse", "Refuse to take the message (provider is down)"
        UNKNOWN = "unknown", "Take the message and never answer"

    channel = models.CharField(max_length=6, choices=Channel, primary_key=True)
    behaviour = models.CharField(max_length=10, choices=Behaviour, default=Behaviour.DELIVER)
    delay_seconds = models.PositiveSmallIntegerField(default=0)

    objects: models.Manager["SandboxBehaviour"]

    def __str__(self) -> str:
        return f"{self.channel}: {self.behaviour}"
