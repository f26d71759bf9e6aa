"""The receipt inbox: what providers told us, sealed, kept before they are answered."""

from datetime import datetime

from messaging.providers.constants import APPLY_RECEIPTS
from messaging.providers.enums import InboxKind
from messaging.providers.models import ReceiptInbox
from notify.lib import clock
from notify.lib.crypto import decrypt, encrypt
from notify.lib.wakeup import wake_on_commit


def put(
    provider: str, raw: bytes, *, content_type: str = "", kind: str = InboxKind.RECEIPT, due: datetime | None = None
) -> ReceiptInbox:
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
        wake_on_commit(APPLY_RECEIPTS)
    return row


def raw_body(row: ReceiptInbox) -> bytes:
    """The body as it came."""
    return decrypt(row.body).encode("latin-1")
