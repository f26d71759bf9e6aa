"""What the messaging app tells the apps to its right. All are sent inside the transaction that made the change."""

from django.dispatch import Signal

# with `changes`, a list of messaging.actions.status.StatusChange
notifications_changed = Signal()
# with `received_text`, a messaging.models.ReceivedText
text_received = Signal()
# with `returned_letters`, a list of messaging.models.ReturnedLetter
letters_returned = Signal()
