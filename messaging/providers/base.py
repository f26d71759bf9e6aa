"""What a provider is: takes one message, says what became of it, and later tells by a receipt what happened next.

Adding a provider: subclass Provider in a module of this package, name it in the setting PROVIDERS and in SMS_PROVIDERS,
EMAIL_PROVIDERS or LETTER_PROVIDERS. The classes of answers: reliability §3.4.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.http import HttpRequest

from messaging.enums import Status


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message, ready to leave: rendered, with the recipient as the provider needs it (E.164 number or email address)."""

    notification_id: UUID
    channel: str
    to: str
    service_id: UUID
    service_name: str
    # A text message sender, or `"Name" <address>` for email.
    sender: str = ""
    reply_to: str | None = None
    subject: str = ""
    text: str = ""
    html: str | None = None
    # Letters: the print-ready file and its class.
    pdf: bytes | None = None
    postage: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    # The service's own reference; providers are given the notification id instead.
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class ProviderAccepted:
    """The provider has it."""

    provider_reference: str | None = None


@dataclass(frozen=True, slots=True)
class NotSent:
    """The provider certainly does not have it: try again, elsewhere or later. `retry_after` is its own wish in seconds.

    `stops` says that it will take no other message either, because our account or its address is wrong.
    """

    reason: str
    retry_after: float | None = None
    stops: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """The provider will not take this message, today or ever."""

    reason: str
    permanent: bool = True


@dataclass(frozen=True, slots=True)
class Unknown:
    """The provider may have it: wait for a receipt before trying again."""

    reason: str


Result = ProviderAccepted | NotSent | Rejected | Unknown


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider says became of a message, named by our id where the provider keeps it, else by its own reference.

    A word that nobody has told us the meaning of is `unlisted`, without a status: it changes nothing and is counted.
    """

    provider: str
    status: Status | None
    notification_id: UUID | None = None
    reference: str = ""
    detail: str = ""
    at: datetime | None = None
    # A receipt that also means "do not write to this person again": "bounce" or "complaint".
    suppress: str = ""
    # True: nothing about the message changes, only the complaint is kept.
    complaint: bool = False
    unlisted: str = ""


@dataclass(frozen=True, slots=True)
class InboundText:
    """A text somebody sent to one of our numbers."""

    provider: str
    source: str
    destination: str
    message: str
    reference: str = ""
    at: datetime | None = None


class UnreadableBody(Exception):  # noqa: N818 - an answer, not a fault
    """A provider's request could not be read; it is kept in the inbox with the reason."""


class Provider:
    """One way out. Subclasses say what they can do and fill in what they need."""

    name: ClassVar[str]
    channels: ClassVar[frozenset[str]]
    supports_international: ClassVar[bool] = True
    # Sending the same notification id twice delivers it once, so an unknown outcome may be repeated at once.
    idempotent: ClassVar[bool] = False

    def send(self, outgoing: Outgoing) -> Result:
        """Hand one message over within 15 seconds; says what became of it and does not raise for a provider's fault."""
        raise NotImplementedError

    def send_many(self, messages: Sequence[Outgoing]) -> list[Result]:
        """Hand several over; the answers stand in the order of the messages."""
        return [self.send(each) for each in messages]

    def verify_receipt(self, request: HttpRequest) -> bool:
        """Whether a request to /receipts/<name>/ really comes from the provider. Unless a provider knows how: no."""
        return False

    def parse_receipts(self, raw: bytes, content_type: str = "") -> list[Receipt]:
        """The receipts in a request's body; refuses what it cannot read with UnreadableBody."""
        raise UnreadableBody("This provider sends no receipts")

    def parse_inbound(self, raw: bytes, content_type: str = "") -> list[InboundText]:
        """The texts in a request's body; refuses what it cannot read with UnreadableBody."""
        raise UnreadableBody("This provider receives no texts")
