"""The platform's own emails and texts, shown on the sandbox page instead of being sent."""

from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from messaging.notifications.rules.recipients import recipient_hash
from messaging.sandbox.models import SandboxMessage
from services.enums import Channel


class SandboxEmailBackend(BaseEmailBackend):
    """Django's way to send email, into the sandbox."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            for address in message.recipients():
                _show_email(message, address)
        return len(email_messages)


def _show_email(message: EmailMessage, address: str) -> None:
    alternatives: list[Any] = getattr(message, "alternatives", [])
    html = next((str(content) for content, kind in alternatives if kind == "text/html"), None)
    SandboxMessage.objects.create(
        channel=Channel.EMAIL,
        to=address,
        to_hash=recipient_hash(address.lower()),
        sender=message.from_email,
        reply_to=", ".join(message.reply_to),
        subject=str(message.subject),
        text=str(message.body),
        html=html,
        headers={str(name): str(value) for name, value in message.extra_headers.items()},
    )


def show_text(to: str, body: str) -> None:
    """A text of the platform, into the sandbox."""
    SandboxMessage.objects.create(channel=Channel.SMS, to=to, to_hash=recipient_hash(to), sender="", text=body)
