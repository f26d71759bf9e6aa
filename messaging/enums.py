"""What the apps of this package all speak of: where a message stands, and how a letter travels."""

from django.db import models


class Status(models.IntegerChoices):
    """Where a notification stands. Below 20 it may still move, to a higher rank; the first of 20 and above stays.

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


class Postage(models.TextChoices):
    FIRST = "first", "First class"
    SECOND = "second", "Second class"
    ECONOMY = "economy", "Economy"
    EUROPE = "europe", "International: Europe"
    REST_OF_WORLD = "rest-of-world", "International: rest of world"
