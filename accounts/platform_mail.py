"""The platform's own messages: codes, links, invitations, decisions. They never wait behind a service's messages."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from accounts.tasks import send_email, send_text


@dataclass(frozen=True, slots=True)
class PlatformEmail:
    """A rendered email of the platform."""

    to: str
    subject: str
    text: str
    html: str


TextSender = Callable[[str, str], None]
# Filled by the app that knows providers; without one, codes go by email.
_text_senders: list[TextSender] = []


def register_text_sender(sender: TextSender) -> None:
    """Let an app to the right send texts: `sender(number in E.164, text)`."""
    _text_senders.append(sender)


def can_send_texts() -> bool:
    """Whether codes can go by text message at all."""
    return bool(_text_senders)


def render(template: str, *, to: str, context: dict[str, Any]) -> PlatformEmail:
    """Render `templates/emails/<template>/{subject.txt,body.txt,body.html}`."""
    values = {
        "PLATFORM_NAME": settings.PLATFORM_NAME,
        "BASE_URL": settings.BASE_URL,
        "SUPPORT_EMAIL": settings.SUPPORT_EMAIL,
        **context,
    }
    return PlatformEmail(
        to=to,
        subject=" ".join(render_to_string(f"emails/{template}/subject.txt", values).split()),
        text=render_to_string(f"emails/{template}/body.txt", values),
        html=render_to_string(f"emails/{template}/body.html", values),
    )


def send(template: str, *, to: str, context: dict[str, Any]) -> None:
    """Send an email of the platform once the caller's transaction is in."""
    email = render(template, to=to, context=context)
    transaction.on_commit(partial(_ring, send_email, email.to, email.subject, email.text, email.html))


def text(to: str, body: str) -> None:
    """Send a text of the platform once the caller's transaction is in; refuses where no provider is set up."""
    if not can_send_texts():
        raise LookupError("No text message provider is set up")
    transaction.on_commit(partial(_ring, send_text, to, body))


def _ring(task: Any, *arguments: str) -> None:
    """Hand over to a worker; where the broker is away, send at once rather than lose a code."""
    try:
        task.apply_async(arguments)
    except OSError:
        task(*arguments)


def deliver_text(to: str, body: str) -> None:
    """What the worker does with a text."""
    for sender in _text_senders:
        sender(to, body)
