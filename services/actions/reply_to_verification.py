"""Proving that a reply-to address works: a real email goes there with a link that somebody has to open."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing

from accounts import emails
from audit.actors import Actor
from services.models import EmailReplyTo

_SALT = "services.reply_to"
LIFETIME = timedelta(hours=24)
# Between two emails to one address.
PAUSE = timedelta(minutes=1)


def send(reply_to: EmailReplyTo, *, make_default: bool, by: Actor, replaces: EmailReplyTo | None = None) -> None:
    """Email the link to the address, once the caller's transaction is in."""
    emails.send(
        "reply_to_verification",
        to=reply_to.email_address,
        context={
            "by": str(by),
            "service": reply_to.service.name,
            "link": f"{settings.BASE_URL}/confirm-reply-to/{token_for(reply_to, make_default, replaces)}",
        },
    )


def token_for(reply_to: EmailReplyTo, make_default: bool, replaces: EmailReplyTo | None = None) -> str:
    """The secret part of the link. It names the address, so that a changed one needs a new link."""
    old = str(replaces.pk) if replaces else ""
    return signing.dumps([str(reply_to.pk), reply_to.email_address, make_default, old], salt=_SALT)


def read(token: str) -> tuple[EmailReplyTo, bool, UUID | None] | None:
    """The address of a link, whether it is to be the default, and what it replaces; None for a bad or old link."""
    try:
        key, address, make_default, old = signing.loads(token, salt=_SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return None
    found = EmailReplyTo.objects.select_related("service").filter(pk=key, email_address=address).first()
    return (found, make_default, UUID(old) if old else None) if found else None
