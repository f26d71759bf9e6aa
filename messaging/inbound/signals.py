"""What is told of a received text, inside the transaction that stored it."""

from django.dispatch import Signal

# with `received_text`, a messaging.inbound.models.ReceivedText
text_received = Signal()
