"""What happens in messaging and concerns the services' own systems."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from callbacks.actions import outbox
from messaging.actions.status import StatusChange
from messaging.models import ReceivedText, ReturnedLetter
from messaging.signals import letters_returned, notifications_changed, text_received


@receiver(notifications_changed)
def on_notifications_changed(*, changes: Sequence[StatusChange], **kwargs: Any) -> None:
    outbox.tell_statuses(changes)


@receiver(text_received)
def on_text_received(*, received_text: ReceivedText, **kwargs: Any) -> None:
    outbox.tell_text(received_text)


@receiver(letters_returned)
def on_letters_returned(*, returned_letters: Sequence[ReturnedLetter], **kwargs: Any) -> None:
    outbox.tell_returned(returned_letters)
