"""What happens in messaging and concerns the services' own systems."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from callbacks.actions import outbox
from messaging.inbound.models import ReceivedText
from messaging.inbound.signals import text_received
from messaging.letters.models import ReturnedLetter
from messaging.letters.signals import letters_returned
from messaging.notifications.actions.status import StatusChange
from messaging.notifications.signals import notifications_changed


@receiver(notifications_changed)
def on_notifications_changed(*, changes: Sequence[StatusChange], **kwargs: Any) -> None:
    outbox.tell_statuses(changes)


@receiver(text_received)
def on_text_received(*, received_text: ReceivedText, **kwargs: Any) -> None:
    outbox.tell_text(received_text)


@receiver(letters_returned)
def on_letters_returned(*, returned_letters: Sequence[ReturnedLetter], **kwargs: Any) -> None:
    outbox.tell_returned(returned_letters)
