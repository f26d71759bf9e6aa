from datetime import timedelta

import pytest

from messaging.enums import Status
from messaging.notifications.rules.recipients import recipient_hash
from messaging.providers.actions import receipt_inbox
from messaging.providers.base import NotSent, Outgoing, ProviderAccepted, Unknown
from messaging.providers.models import ReceiptInbox
from messaging.sandbox.models import SandboxMessage
from messaging.sandbox.provider import Sandbox, purge_old_messages
from notify.lib import clock, short_cache
from notify.lib.ids import uuid7
from tests.factories.sandbox import SandboxBehaviourFactory


@pytest.fixture
def message(db):
    short_cache.clear_cache()
    return Outgoing(
        notification_id=uuid7(),
        channel="email",
        to="Sam@example.com",
        service_id=uuid7(),
        service_name="Bins",
        sender='"Bins" <bins@x>',
        subject="Hi",
        text="Hello",
        html="<p>Hello</p>",
        headers={"List-Unsubscribe": "<https://x>"},
    )


def test_a_message_arrives_on_the_page_and_its_receipt_in_the_inbox(message):
    assert Sandbox().send(message) == ProviderAccepted(provider_reference=f"sandbox-{message.notification_id}")
    kept = SandboxMessage.objects.get()
    assert (kept.to, kept.subject, kept.text, kept.html, kept.outcome) == (
        "Sam@example.com",
        "Hi",
        "Hello",
        "<p>Hello</p>",
        "delivered",
    )
    assert bytes(kept.to_hash) == recipient_hash("sam@example.com")
    [receipt] = Sandbox().parse_receipts(receipt_inbox.raw_body(ReceiptInbox.objects.get()))
    assert (receipt.notification_id, receipt.status) == (message.notification_id, Status.DELIVERED)


@pytest.mark.parametrize(
    ("behaviour", "result", "kept", "receipt"),
    [
        ("bounce", ProviderAccepted, "bounced", Status.PERMANENT_FAILURE),
        ("temporary", ProviderAccepted, "failed for now", Status.TEMPORARY_FAILURE),
        ("unknown", Unknown, "never answered", None),
        ("refuse", NotSent, None, None),
    ],
)
def test_it_behaves_as_told(message, behaviour, result, kept, receipt):
    SandboxBehaviourFactory(channel="email", behaviour=behaviour)
    assert type(Sandbox().send(message)) is result
    assert [m.outcome for m in SandboxMessage.objects.all()] == ([kept] if kept else [])
    found = [Sandbox().parse_receipts(receipt_inbox.raw_body(row))[0].status for row in ReceiptInbox.objects.all()]
    assert found == ([receipt] if receipt else [])


def test_a_delay_holds_the_receipt_back(message):
    SandboxBehaviourFactory(channel="email", behaviour="delay", delay_seconds=90)
    Sandbox().send(message)
    assert ReceiptInbox.objects.get().next_attempt_at > clock.now() + timedelta(seconds=80)


def test_what_the_inbox_keeps_is_sealed(message):
    Sandbox().send(message)
    assert str(message.notification_id).encode() not in bytes(ReceiptInbox.objects.get().body)


def test_old_messages_leave_the_page(message):
    Sandbox().send(message)
    Sandbox().send(message)
    first = SandboxMessage.objects.earliest("id")
    SandboxMessage.objects.filter(pk=first.pk).update(created_at=clock.now() - timedelta(days=8))
    assert purge_old_messages() == 1
    assert SandboxMessage.objects.count() == 1
