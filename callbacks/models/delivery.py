"""The outbox and its log."""

from typing import Any

from django.db import models
from django.db.models import Q

from callbacks.enums import DeliveryState
from callbacks.models.endpoint import CallbackEndpoint
from notify.lib.crypto import decrypt_json
from notify.lib.ids import uuid7


class CallbackDelivery(models.Model):
    """One thing to tell one endpoint. Written with the change itself; its id is the `webhook-id` of every attempt."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    endpoint = models.ForeignKey(CallbackEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    service_id = models.UUIDField()
    # The notification, the received text or the returned letter; a test has an id of its own.
    subject_id = models.UUIDField()
    # The status told, or "" where there is none.
    status = models.CharField(max_length=20, blank=True)
    channel = models.CharField(max_length=6)
    reference = models.CharField(max_length=255, blank=True)
    is_test = models.BooleanField(default=False)
    # The payload of the contract, sealed JSON.
    payload = models.BinaryField()
    created_at = models.DateTimeField()

    state = models.SmallIntegerField(choices=DeliveryState, default=DeliveryState.WAITING)
    next_attempt_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Attempts since the row was written or last replayed: the place in the schedule.
    tries = models.PositiveSmallIntegerField(default=0)
    last_status_code = models.PositiveSmallIntegerField(null=True)
    last_problem = models.CharField(max_length=255, blank=True)
    finished_at = models.DateTimeField(null=True)

    objects: models.Manager["CallbackDelivery"]

    class Meta:
        verbose_name_plural = "callback deliveries"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "subject_id", "status"], name="callback_delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "next_attempt_at"],
                condition=Q(state__in=[DeliveryState.WAITING, DeliveryState.SENDING]),
                name="callback_delivery_open",
            ),
            models.Index(fields=["service_id", "-id"], name="callback_delivery_by_service"),
            models.Index(fields=["service_id", "subject_id"], name="callback_delivery_by_subject"),
            models.Index(fields=["service_id", "reference"], condition=~Q(reference=""), name="callback_delivery_by_reference"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def body(self) -> dict[str, Any]:
        """The payload as it is sent."""
        found: dict[str, Any] = decrypt_json(self.payload)
        return found


class CallbackAttempt(models.Model):
    """One try: what was asked, what came back, and how long it took."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    delivery = models.ForeignKey(CallbackDelivery, on_delete=models.CASCADE, related_name="log")
    number = models.PositiveSmallIntegerField()
    url = models.TextField()
    started_at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    status_code = models.PositiveSmallIntegerField(null=True)
    # Why there was no answer, in words for the team.
    problem = models.CharField(max_length=255, blank=True)
    # Sealed JSON: headers of both sides (secrets masked) and the first part of the answer.
    exchange = models.BinaryField()

    objects: models.Manager["CallbackAttempt"]

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="callback_attempt_once")]

    def __str__(self) -> str:
        return f"Attempt {self.number}"
