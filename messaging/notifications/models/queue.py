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
    give_up_at = models.DateTimeField()

    objects: models.Manager["SendQueue"]

    class Meta:
        indexes = [models.Index(fields=["lane", "service_id", "not_before"], name="send_queue_order")]

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
