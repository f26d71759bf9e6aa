"""The words of a message's life."""

from django.db import models


class Status(models.IntegerChoices):
    """Where a notification stands. Below 20 it may still move; of two receipts the higher rank wins, and 20 and above stay.

    Wire words: public-api §9. Numbers are stored, so they never change meaning.
    """

    PENDING_VIRUS_CHECK = 1, "pending-virus-check"
    CREATED = 5, "created"
    SENDING = 10, "sending"
    SENT = 12, "sent"
    PENDING = 14, "pending"
    DELIVERED = 20, "delivered"
    TEMPORARY_FAILURE = 21, "temporary-failure"
    PERMANENT_FAILURE = 22, "permanent-failure"
    TECHNICAL_FAILURE = 23, "technical-failure"
    CANCELLED = 24, "cancelled"
    VALIDATION_FAILED = 25, "validation-failed"
    VIRUS_SCAN_FAILED = 26, "virus-scan-failed"
    RETURNED_LETTER = 30, "returned-letter"

    @property
    def is_final(self) -> bool:
        return self >= Status.DELIVERED

    @classmethod
    def from_wire(cls, word: str) -> "Status":
        """The status of a wire word; refuses another with KeyError."""
        return _BY_WORD[word]


_BY_WORD = {status.label: status for status in Status}

FINAL_FROM = Status.DELIVERED
FAILURES = (
    Status.TEMPORARY_FAILURE,
    Status.PERMANENT_FAILURE,
    Status.TECHNICAL_FAILURE,
    Status.VALIDATION_FAILED,
    Status.VIRUS_SCAN_FAILED,
)


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


class Postage(models.TextChoices):
    FIRST = "first", "First class"
    SECOND = "second", "Second class"
    ECONOMY = "economy", "Economy"
    EUROPE = "europe", "International: Europe"
    REST_OF_WORLD = "rest-of-world", "International: rest of world"


class LetterLanguages(models.TextChoices):
    ENGLISH = "english", "English only"
    WELSH_THEN_ENGLISH = "welsh_then_english", "Welsh followed by English"


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


class SuppressionReason(models.TextChoices):
    BOUNCE = "bounce", "Email address does not exist"
    COMPLAINT = "complaint", "Marked as spam"
    UNSUBSCRIBE = "unsubscribe", "Unsubscribed"
    STOP = "stop", "Replied STOP"
    MANUAL = "manual", "Added by your team"
