"""The provider that delivers into a page: newcomers read there exactly what would have arrived, and tell it to fail.

Its receipts take the way of real ones, through the receipt inbox.
"""

import json
from datetime import timedelta

from django.core.files.base import ContentFile
from django.http import HttpRequest

from messaging.enums import Status
from messaging.notifications.rules.recipients import recipient_hash
from messaging.providers.actions import receipt_inbox
from messaging.providers.backends.reading import moment_of, read_json, status_of, uuid_of
from messaging.providers.base import InboundText, NotSent, Outgoing, Provider, ProviderAccepted, Receipt, Result, Unknown
from messaging.providers.enums import InboxKind
from messaging.sandbox.models import SandboxBehaviour, SandboxMessage
from notify.lib import clock
from notify.lib.ids import uuid7
from notify.lib.short_cache import cached
from services.enums import Channel

_Behaviour = SandboxBehaviour.Behaviour

# How long a sandbox message is on its way when nothing else is asked for; long enough to see it as `sending`.
ON_ITS_WAY = timedelta(milliseconds=300)
SHOWN_FOR = timedelta(days=7)

# What the page shows and what the receipt says; None: no receipt ever comes.
_OUTCOMES: dict[str, tuple[str, Status | None]] = {
    _Behaviour.DELIVER: ("delivered", Status.DELIVERED),
    _Behaviour.DELAY: ("delivered", Status.DELIVERED),
    _Behaviour.BOUNCE: ("bounced", Status.PERMANENT_FAILURE),
    _Behaviour.TEMPORARY: ("failed for now", Status.TEMPORARY_FAILURE),
    _Behaviour.REFUSE: ("refused", None),
    _Behaviour.UNKNOWN: ("never answered", None),
}


class Sandbox(Provider):
    """Delivers to nobody. Behaves as its page says: deliver, delay, bounce, fail for now, refuse, or never answer."""

    name = "sandbox"
    channels = frozenset(Channel.values)
    idempotent = True

    def send(self, outgoing: Outgoing) -> Result:
        """Keep the message for the page, and a receipt for later unless the behaviour gives none."""
        behaviour, delay = behaviour_of(outgoing.channel)
        outcome, status = _OUTCOMES[behaviour]
        if behaviour == _Behaviour.REFUSE:
            return NotSent("The sandbox is told to refuse messages")
        keep(outgoing, outcome)
        if behaviour == _Behaviour.UNKNOWN:
            return Unknown("The sandbox is told never to answer")
        if status is not None:
            tell(outgoing, status, after=timedelta(seconds=delay) if behaviour == _Behaviour.DELAY else ON_ITS_WAY)
        return ProviderAccepted(provider_reference=f"sandbox-{outgoing.notification_id}")

    def verify_receipt(self, request: HttpRequest) -> bool:
        """Nobody outside speaks for the sandbox."""
        return False

    def parse_receipts(self, raw: bytes, content_type: str = "") -> list[Receipt]:
        """What `tell` wrote."""
        return [
            Receipt(
                provider=self.name,
                notification_id=uuid_of(entry["id"]),
                status=status_of(entry["status"]),
                detail=entry.get("detail", ""),
                at=moment_of(entry.get("at")),
            )
            for entry in read_json(raw)
        ]

    def parse_inbound(self, raw: bytes, content_type: str = "") -> list[InboundText]:
        """What `text_from_page` wrote."""
        return [InboundText(provider=self.name, **entry) for entry in read_json(raw)]


def text_from_page(*, source: str, destination: str, message: str) -> None:
    """A person texts one of our numbers, the way a provider would tell it."""
    entry = {"source": source, "destination": destination, "message": message, "reference": str(uuid7())}
    receipt_inbox.put(Sandbox.name, json.dumps([entry]).encode(), content_type="application/json", kind=InboxKind.INBOUND)


def behaviour_of(channel: str) -> tuple[str, int]:
    """What the sandbox does with a channel's messages now, and its delay in seconds."""

    def load() -> tuple[str, int]:
        row = SandboxBehaviour.objects.filter(channel=channel).first()
        return (row.behaviour, row.delay_seconds) if row else (_Behaviour.DELIVER.value, 0)

    return cached(("sandbox behaviour", channel), load)


def keep(outgoing: Outgoing, outcome: str) -> SandboxMessage:
    """Store what would have arrived."""
    message = SandboxMessage(
        notification_id=outgoing.notification_id,
        service_id=outgoing.service_id,
        channel=outgoing.channel,
        to=outgoing.to,
        to_hash=recipient_hash(outgoing.to.lower()),
        sender=outgoing.sender[:400],
        reply_to=(outgoing.reply_to or "")[:320],
        subject=outgoing.subject,
        text=outgoing.text,
        html=outgoing.html,
        headers=outgoing.headers,
        outcome=outcome,
    )
    if outgoing.pdf:
        message.pdf.save(f"{outgoing.notification_id}.pdf", ContentFile(outgoing.pdf), save=False)
    message.save(force_insert=True)
    return message


def tell(outgoing: Outgoing, status: Status, *, after: timedelta) -> None:
    """Put a receipt into the inbox, to be applied after a while."""
    details = {
        Status.PERMANENT_FAILURE: "The sandbox was told to bounce it",
        Status.TEMPORARY_FAILURE: "The sandbox was told to fail it for now",
    }
    at = clock.now() + after
    body = [
        {
            "id": str(outgoing.notification_id),
            "status": status.label,
            "detail": details.get(status, ""),
            "at": at.isoformat(),
        }
    ]
    receipt_inbox.put(Sandbox.name, json.dumps(body).encode(), content_type="application/json", due=at)


def purge_old_messages() -> int:
    """Delete what the page has shown for long enough; returns how many."""
    return SandboxMessage.objects.filter(created_at__lt=clock.now() - SHOWN_FOR).delete()[0]
