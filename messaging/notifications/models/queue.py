"""Work that waits: small tables whose rows exist only until the work is done."""

from django.db import models

from messaging.notifications.enums import Lane, QueueState
from services.enums import Channel


class SendQueue(models.Model):
    """A message not yet handed to a provider. The row is the queue: the broker only says that there may be rows."""

    id = models.UUIDField(primary_key=True)
    service_id = models.UUIDField()
    channel = models.CharField(max_length=6, choices=Channel)
    lane = models.SmallIntegerField(choices=Lane)
    state = models.SmallIntegerField(choices=QueueState, default=QueueState.READY)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    # Names the worker's batch: only the holder of the token may finish it.
    claim = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    resends = models.PositiveSmallIntegerField(default=0)
    # Claims that ended without a call: its worker died, or the message could not be opened or composed.
    crashes = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Counted anew at the first try for lanes that may queue for long (actions.claim).
    give_up_at = models.DateTimeField()

    objects: models.Manager["SendQueue"]

    class Meta:
        indexes = [
            models.Index(fields=["lane", "service_id", "not_before"], name="send_queue_order"),
            models.Index(fields=["lane", "not_before"], condition=models.Q(crashes__gt=0), name="send_queue_crashed"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class SetAside(models.Model):
    """A message that could not be opened or composed, time after time; it has failed, and staff look why."""

    # The message's.
    id = models.UUIDField(primary_key=True)
    service_id = models.UUIDField()
    channel = models.CharField(max_length=6, choices=Channel)
    # The kind of error and where it was, never what the message says.
    reason = models.CharField(max_length=255)
    set_aside_at = models.DateTimeField()

    objects: models.Manager["SetAside"]

    class Meta:
        verbose_name = "message set aside"
        verbose_name_plural = "messages set aside"

    def __str__(self) -> str:
        return str(self.id)


class Inflight(models.Model):
    """A message with a provider and without a final status; what the 72-hour time-out reads."""

    id = models.UUIDField(primary_key=True)
    service_id = models.UUIDField()
    sent_at = models.DateTimeField(db_index=True)

    objects: models.Manager["Inflight"]

    def __str__(self) -> str:
        return str(self.id)
