"""What the messaging app tells the apps to its right. All are sent inside the transaction that made the change."""

from django.dispatch import Signal

# changes: list[messaging.actions.status.StatusChange]
notifications_changed = Signal()
# received_text: messaging.models.ReceivedText
text_received = Signal()
# returned_letters: list[messaging.models.ReturnedLetter]
letters_returned = Signal()
