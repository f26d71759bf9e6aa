"""Lanes and states of the queue, and why somebody is not written to."""

from django.db import models


class Lane(models.IntegerChoices):
    """Which queue a message waits in; a lower number goes first."""

    PLATFORM = 0
    URGENT = 1
    NORMAL = 2
    BULK = 3
    TEST = 4


class QueueState(models.IntegerChoices):
    READY = 0
    CLAIMED = 1
    # The provider may or may not have it: wait for a receipt before trying again.
    # Why: docs/decisions/0004-unknown-outcomes.md
    UNKNOWN = 2


class SuppressionReason(models.TextChoices):
    BOUNCE = "bounce", "Email address does not exist"
    COMPLAINT = "complaint", "Marked as spam"
    UNSUBSCRIBE = "unsubscribe", "Unsubscribed"
    STOP = "stop", "Replied STOP"
    MANUAL = "manual", "Added by your team"
