"""Messages. Three tables partitioned by day on a time-ordered id, created by SQL in the first migration.

No index mentions a column that changes, so that updates stay on their page (docs/architecture.md, "The way of a message").
No foreign key is enforced: the write path takes ids from checked caches, and partitions are dropped whole.
"""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from messaging.enums import Postage, Status
from messaging.notifications.enums import Lane
from notify.lib import clock
from notify.lib.ids import uuid7, uuid7_floor
from services.enums import Channel, KeyType
from services.models import Service
from services.rules import retention_days


def unenforced(to: str, **kwargs: Any) -> Any:
    """A foreign key for reading along; the database keeps no constraint and no index for it."""
    return models.ForeignKey(to, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+", **kwargs)


class NotificationQuerySet(models.QuerySet["Notification"]):
    def readable(self, service: Service, channel: str | None = None) -> Self:
        """A service's messages that may still be read: those within the retention of their channel."""
        channels = [channel] if channel else list(Channel.values)
        oldest = {each: clock.now() - timedelta(days=retention_days(service, each)) for each in channels}
        within = Q()
        for each, moment in oldest.items():
            within |= Q(channel=each, created_at__gte=moment)
        # A bound on the id too: it is what partitions are chosen by.
        return self.filter(within, service_id=service.pk, pk__gte=uuid7_floor(min(oldest.values())))


class Notification(models.Model):
    """One message to one recipient. What it says and to whom is sealed in NotificationContent."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = unenforced("services.Service")
    template = unenforced("message_templates.MessageTemplate")
    template_version = models.PositiveIntegerField()
    channel = models.CharField(max_length=6, choices=Channel)
    key_type = models.CharField(max_length=6, choices=KeyType, default=KeyType.NORMAL)
    status = models.SmallIntegerField(choices=Status, default=Status.CREATED)
    lane = models.SmallIntegerField(choices=Lane, default=Lane.NORMAL)
    # The spreadsheet it came from, in an app to the right.
    job_id = models.UUIDField(null=True)
    # 0 is the first row below the headings.
    job_row = models.PositiveIntegerField(null=True)
    api_key = unenforced("services.ApiKey", null=True)
    created_by = unenforced(settings.AUTH_USER_MODEL, null=True)
    client_reference = models.CharField(max_length=1000, null=True)  # noqa: DJ001 - null and "" differ on the wire
    # notify.lib.crypto.keyed_hash("recipient", E.164 number or lower-case address)
    recipient_hash = models.BinaryField(max_length=16, null=True)
    international = models.BooleanField(default=False)
    # Text message fragments, or sheets of a letter; 0 until known.
    billable_units = models.PositiveSmallIntegerField(default=0)
    rate_multiplier = models.DecimalField(max_digits=5, decimal_places=2, default=1)
    # Pounds at the rate of the day it was sent, before any free allowance.
    cost = models.DecimalField(max_digits=10, decimal_places=5, default=0)
    postage = models.CharField(max_length=15, choices=Postage, null=True)  # noqa: DJ001 - null on the wire
    provider = models.CharField(max_length=30, blank=True)
    # Why it failed, in words for the team; empty unless something went wrong.
    status_detail = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField()
    scheduled_for = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "notifications_notification"

    def __str__(self) -> str:
        return str(self.id)

    @property
    def state(self) -> Status:
        return Status(self.status)


class NotificationContent(models.Model):
    """The sealed part: JSON with `to`, `personalisation`, `sender`, `reply_to`, `unsubscribe_url`, `address`."""

    id = models.UUIDField(primary_key=True)
    service = unenforced("services.Service")
    sealed = models.BinaryField()

    objects: models.Manager["NotificationContent"]

    class Meta:
        managed = False
        db_table = "notifications_notificationcontent"

    def __str__(self) -> str:
        return str(self.id)


class DeliveryAttempt(models.Model):
    """One call to a provider. Written before the call, closed after it: an open one is an unknown outcome."""

    class Outcome(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        NOT_SENT = "not-sent"
        REJECTED = "rejected"
        UNKNOWN = "unknown"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    notification_id = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    provider = models.CharField(max_length=30)
    provider_reference = models.CharField(max_length=255, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN)
    detail = models.CharField(max_length=255, blank=True)

    objects: models.Manager["DeliveryAttempt"]

    class Meta:
        managed = False
        db_table = "notifications_deliveryattempt"

    def __str__(self) -> str:
        return f"Attempt {self.number} of {self.notification_id}"
