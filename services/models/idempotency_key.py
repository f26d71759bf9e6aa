"""Requests of the API that may be repeated."""

from django.db import models

from services.enums import KeyType


class IdempotencyKey(models.Model):
    """A POST that may be repeated: the answer is kept for a day (reliability §3.5)."""

    id = models.BigAutoField(primary_key=True)
    service_id = models.UUIDField()
    key_type = models.CharField(max_length=6, choices=KeyType)
    key = models.CharField(max_length=255)
    body_hash = models.BinaryField(max_length=32)
    status_code = models.PositiveSmallIntegerField(null=True)
    response = models.BinaryField(null=True)
    created_at = models.DateTimeField(db_index=True)

    objects: models.Manager["IdempotencyKey"]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service_id", "key_type", "key"], name="idempotency_once")]

    def __str__(self) -> str:
        return self.key
