"""The receipt inbox: what providers told us, sealed, kept before they are answered."""

from datetime import datetime

from django.db import transaction

from messaging.models import ReceiptInbox
from notify.lib import clock
from notify.lib.crypto import decrypt, encrypt

RECEIPT = "receipt"
INBOUND = "inbound"
EMAIL = "email"


def put(provider: str, raw: bytes, *, content_type: str = "", kind: str = RECEIPT, due: datetime | None = None) -> ReceiptInbox:
    """Keep a body as it came and wake a worker once it is in, unless it is for later.

    Bodies name people, so they are sealed.
    """
    moment = clock.now()
    row = ReceiptInbox.objects.create(
        provider=provider,
        kind=kind,
        body=encrypt(raw.decode("latin-1")),
        content_type=content_type[:100],
        received_at=moment,
        next_attempt_at=due or moment,
    )
    if due is None:
        from messaging import doorbell

        transaction.on_commit(doorbell.ring_receipts, robust=True)
    return row


def raw_body(row: ReceiptInbox) -> bytes:
    """The body as it came."""
    return decrypt(row.body).encode("latin-1")
