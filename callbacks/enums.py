"""The words of callbacks."""

from django.db import models


class Kind(models.TextChoices):
    """What a callback tells; the values are the wire's names of the types."""

    DELIVERY_STATUS = "delivery_status", "Delivery status"
    RECEIVED_TEXT = "inbound_sms", "Received text messages"
    RETURNED_LETTER = "returned_letter", "Returned letters"


class DeliveryState(models.IntegerChoices):
    """Where a callback stands in the outbox."""

    WAITING = 0, "Waiting"
    SENDING = 1, "Being sent"
    DELIVERED = 2, "Delivered"
    FAILED = 3, "Failed"


class OffReason(models.TextChoices):
    """Why an endpoint is off."""

    PERSON = "person", "Switched off by a team member"
    GONE = "gone", "It answered that it is gone for good (410)"
    FAILING = "failing", "It failed for days"


# What delivery-status callbacks are sent for (reference: public-api §12.2).
CALLBACK_STATUSES = ["delivered", "permanent-failure", "temporary-failure", "technical-failure"]
