"""The platform's own messages: codes, links, invitations, decisions. They never wait behind a service's messages."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from accounts.slots import text_senders
from accounts.tasks import send_email, send_text


@dataclass(frozen=True, slots=True)
class PlatformEmail:
    """A rendered email of the platform."""

    to: str
    subject: str
    text: str
    html: str


def can_send_texts() -> bool:
    """Whether codes can go by text message at all."""
    return bool(text_senders)


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
