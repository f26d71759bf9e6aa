from datetime import timedelta

import pytest
from django.test import Client

from messaging.inbound.models import ReceivedText
from messaging.notifications.actions.receipts import apply_due
from messaging.notifications.rules.recipients import recipient_hash
from messaging.providers.models import ReceiptInbox
from messaging.sandbox.models import SandboxBehaviour
from notify.lib import clock
from tests.factories.inbound import InboundNumberFactory
from tests.factories.sandbox import SandboxMessageFactory


def make(to="sam@example.com", channel="email", **fields):
    return SandboxMessageFactory(channel=channel, to=to, to_hash=recipient_hash(to), text="Your code is 123456", **fields)


@pytest.fixture
def client(db):
    return Client()


def test_messages_are_listed_and_found_by_recipient(client):
    make()
    make("+447700900123", "sms")
    page = client.get("/sandbox").content.decode()
    assert page.count("Your code is 123456") == 2
    for query in ("to=SAM@example.com", "channel=email"):
        found = client.get(f"/sandbox?{query}").context["sent"]
        assert [m.to for m in found] == ["sam@example.com"], query
    assert [m.to for m in client.get("/sandbox?to=07700 900123").context["sent"]] == ["+447700900123"]
    assert client.get("/sandbox?channel=junk&before=").status_code == 200
    assert client.get("/sandbox?before=junk").status_code == 404


def test_pages_go_by_key(client):
    for number in range(27):
        make(subject=str(number))
    first = client.get("/sandbox")
    second = client.get("/sandbox" + first.context["next_href"])
    assert [len(page.context["sent"]) for page in (first, second)] == [25, 2]


def test_an_email_is_shown_in_a_frame_that_is_locked_in(client):
    message = make(html="<script>alert(1)</script><p style='color:red'>Hi</p>", headers={"List-Unsubscribe": "<x>"})
    page = client.get(f"/sandbox/{message.pk}").content.decode()
    assert f'src="/sandbox/{message.pk}/html"' in page
    assert "alert(1)" not in page
    frame = client.get(f"/sandbox/{message.pk}/html")
    assert frame.content.decode() == message.html
    assert frame["Content-Security-Policy"].startswith("sandbox allow-popups; default-src 'none'")


def test_the_behaviour_can_be_changed(client):
    assert client.get("/sandbox/behaviour/sms").status_code == 200
    response = client.post("/sandbox/behaviour/sms", {"behaviour": "delay", "delay_seconds": "30"})
    assert (response.status_code, response["Location"]) == (302, "/sandbox")
    row = SandboxBehaviour.objects.get()
    assert (row.channel, row.behaviour, row.delay_seconds) == ("sms", "delay", 30)
    client.post("/sandbox/behaviour/sms", {"behaviour": "bounce", "delay_seconds": ""})
    row.refresh_from_db()
    assert (row.behaviour, row.delay_seconds) == ("bounce", 0)
    for bad in ({"behaviour": "explode"}, {"behaviour": "delay", "delay_seconds": "99999"}, {}):
        assert client.post("/sandbox/behaviour/sms", bad).status_code == 200
    assert client.get("/sandbox/behaviour/pigeon").status_code == 404


def test_a_service_can_be_texted(client, live_service, monkeypatch):
    assert "No service can receive text messages yet" in client.get("/sandbox/text").content.decode()
    live_service.permissions = [*live_service.permissions, "inbound_sms"]
    live_service.save()
    InboundNumberFactory(number="07700900501", provider="sandbox", service=live_service)
    bad = client.post("/sandbox/text", {"source": "x", "destination": "07700900999", "message": ""})
    assert set(bad.context["form"].errors) == {"source", "destination", "message"}
    response = client.post("/sandbox/text", {"source": "07700 900123", "destination": "07700900501", "message": "Hello"})
    assert response.status_code == 302
    ReceiptInbox.objects.update(next_attempt_at=clock.now() - timedelta(hours=1))
    apply_due()
    text = ReceivedText.objects.get()
    assert (text.service, text.user_number, text.content) == (live_service, "447700900123", "Hello")
