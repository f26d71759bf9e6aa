"""What providers tell us."""

from django.db import models


class InboxKind(models.TextChoices):
    """What a body of the receipt inbox is."""

    RECEIPT = "receipt", "Receipt"
    INBOUND = "inbound", "Received text"
    EMAIL = "email", "Received email"
