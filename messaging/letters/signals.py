"""What is told of returned letters, inside the transaction that reported them."""

from django.dispatch import Signal

# with `returned_letters`, a list of messaging.letters.models.ReturnedLetter
letters_returned = Signal()
