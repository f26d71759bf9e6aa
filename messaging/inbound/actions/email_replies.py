"""Emails that people send to a service's sending address instead of its reply-to address."""

from typing import Any

from django.conf import settings
from django.db.models import Q

from accounts import emails
from messaging.notifications.queries.senders import email_reply_to
from services.models import Service

# The rest of a longer email is cut: it is a reply by hand, not an archive.
MOST_CHARACTERS = 50_000


def pass_on_reply(email: dict[str, Any]) -> bool:
    """Pass an email on to the default reply-to address of the service it was sent to; returns whether it was.

    Automatic answers and our own emails are dropped, so that two machines never write to each other for ever; so is what is
    for no service, or for one without a reply-to address.
    """
    sender = str(email["from"]).lower()
    if email["automatic"] or sender.endswith(f"@{settings.EMAIL_DOMAIN}"):
        return False
    service = _service_of(email["to"])
    reply_to = email_reply_to(service, None) if service else ""
    if service is None or not reply_to or reply_to.lower() == sender:
        return False
    emails.send(
        "forwarded_reply",
        to=reply_to,
        context={
            "service": service.name,
            "sender": sender,
            "about": str(email["subject"])[:200],
            "text": str(email["text"])[:MOST_CHARACTERS],
        },
    )
    return True


def _service_of(addresses: list[str]) -> Service | None:
    """The active service that sends from one of these addresses."""
    ours = [address.lower().rpartition("@") for address in addresses]
    local_parts = [local for local, _, domain in ours if domain == settings.EMAIL_DOMAIN.lower()]
    sends_from = Q(email_sender_local_part__in=local_parts) | Q(email_sender_local_part="", normalised_name__in=local_parts)
    return Service.objects.active().filter(sends_from).first() if local_parts else None
