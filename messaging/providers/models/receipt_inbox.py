"""What providers told us, kept before they are answered."""

from django.db import models

from messaging.providers.enums import InboxKind


class ReceiptInbox(models.Model):
    """What a provider told us, exactly as received, stored before it is answered."""

    id = models.BigAutoField(primary_key=True)
    provider = models.CharField(max_length=30)
    kind = models.CharField(max_length=10, choices=InboxKind, default=InboxKind.RECEIPT)
    body = models.BinaryField()
    content_type = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    applied_at = models.DateTimeField(null=True)
    # What could not be applied and why; empty when all was well.
    problem = models.TextField(blank=True)

    objects: models.Manager["ReceiptInbox"]

    class Meta:
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=models.Q(applied_at__isnull=True), name="receipt_inbox_waiting"),
            models.Index(fields=["received_at"], name="receipt_inbox_received"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.provider}"
