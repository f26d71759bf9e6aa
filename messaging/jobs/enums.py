"""The states of a spreadsheet."""

from django.db import models


class JobState(models.TextChoices):
    """A spreadsheet's way: read and checked, then sent."""

    CHECKING = "checking", "Checking"
    READY = "ready", "Ready to send"
    SCHEDULED = "scheduled", "Scheduled"
    IN_PROGRESS = "in progress", "Sending"
    PAUSED = "paused", "Paused"
    FINISHED = "finished", "Finished"
    CANCELLED = "cancelled", "Cancelled"
    LIMIT_EXCEEDED = "sending limits exceeded", "Over the daily limit"
    ERROR = "error", "Stopped by an error"
