"""The inbox of receipts: sealed, with its moment, and the worker rung when it is due."""

from datetime import timedelta

import pytest

from messaging.providers.actions import receipt_inbox
from messaging.providers.constants import APPLY_RECEIPTS
from messaging.providers.enums import InboxKind
from messaging.providers.models import ReceiptInbox
from notify.lib import clock

pytestmark = pytest.mark.django_db
BODY = bytes(range(256)) + b"Sam"


@pytest.fixture
def rung(monkeypatch):
    calls = []
    monkeypatch.setattr(receipt_inbox, "wake_on_commit", calls.append)
    return calls


def test_a_body_is_kept_sealed_and_comes_back_as_it_was(rung):
    receipt_inbox.put("sandbox", BODY, content_type="x" * 200, kind=InboxKind.INBOUND)
    row = ReceiptInbox.objects.get()
    assert b"Sam" not in bytes(row.body)
    assert receipt_inbox.raw_body(row) == BODY
    assert (row.provider, row.kind, len(row.content_type)) == ("sandbox", InboxKind.INBOUND, 100)
    assert row.received_at == row.next_attempt_at
    assert rung == [APPLY_RECEIPTS]


def test_what_is_for_later_waits_and_wakes_nobody(rung):
    later = clock.now() + timedelta(minutes=5)
    row = receipt_inbox.put("sandbox", b"{}", due=later)
    assert (row.next_attempt_at, rung) == (later, [])
