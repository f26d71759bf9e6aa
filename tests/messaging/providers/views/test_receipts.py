import base64

import pytest
from django.test import Client

from messaging.providers.actions import receipt_inbox
from messaging.providers.models import ReceiptInbox


@pytest.fixture(autouse=True)
def _quiet(monkeypatch, db, settings):
    settings.HTTP_SMS = {"receipt": {"secrets": ["good-secret"]}}


def post(path, body=b"{}", secret="good-secret"):
    return Client().post(path, body, content_type="application/json", headers={"Authorization": f"Bearer {secret}"})


def test_a_receipt_is_stored_as_it_came_before_it_is_answered():
    response = post("/receipts/http-sms/", b"\xff anything at all")
    assert (response.status_code, response.json()) == (200, {"status": "received"})
    row = ReceiptInbox.objects.get()
    assert (row.provider, row.kind, row.content_type) == ("http-sms", "receipt", "application/json")
    assert receipt_inbox.raw_body(row) == b"\xff anything at all"


def test_a_received_text_is_stored_as_such():
    post("/receipts/http-sms/inbound")
    assert ReceiptInbox.objects.get().kind == "inbound"


@pytest.mark.parametrize(
    "path", ["/receipts/http-sms/", "/receipts/http-sms/inbound", "/receipts/sandbox/", "/receipts/django/"]
)
def test_without_the_right_credentials_nothing_is_stored(path):
    assert post(path, secret="bad").status_code == 401
    assert not ReceiptInbox.objects.exists()


def test_an_unknown_provider_is_not_found():
    assert post("/receipts/nobody/").status_code == 404


def test_only_post_is_answered():
    assert Client().get("/receipts/http-sms/").status_code == 405


def test_a_huge_body_is_refused():
    assert post("/receipts/http-sms/", b"x" * (1024 * 1024 + 1)).status_code == 413


def test_anymail_lets_nobody_in_without_a_secret(settings):
    settings.ANYMAIL = {}
    assert post("/receipts/anymail/postmark/tracking/").status_code == 404


def test_anymails_webhook_stores_the_event(settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": "user:pass"}
    body = (
        b'{"RecordType": "Delivery", "MessageID": "m-1", "Recipient": "sam@example.com", '
        b'"DeliveredAt": "2026-01-01T10:00:00Z", "Metadata": {"notification_id": "x"}}'
    )
    credentials = base64.b64encode(b"user:pass").decode()
    for header, status in (("Basic " + credentials, 200), ("Basic eDp5", 400)):
        response = Client().post(
            "/receipts/anymail/postmark/tracking/",
            body,
            content_type="application/json",
            headers={"Authorization": header},
        )
        assert response.status_code == status
    assert ReceiptInbox.objects.count() == 1
    assert Client().post("/receipts/anymail/nobody/tracking/").status_code == 404
