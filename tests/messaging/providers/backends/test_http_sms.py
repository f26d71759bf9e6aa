import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import time_machine
from django.test import RequestFactory

from messaging.enums import Status
from messaging.providers.backends.http_sms import HttpSms, dig, fill
from messaging.providers.base import (
    InboundText,
    NotSent,
    Outgoing,
    ProviderAccepted,
    Receipt,
    Rejected,
    Unknown,
    UnreadableBody,
)
from notify.lib.ids import uuid7

CONFIG = {
    "headers": {"Authorization": "Bearer our-key"},
    "body": {"messages": [{"to": "{to_plain}", "from": "{sender}", "text": "{text}", "ref": "{id}", "report": True}]},
    "reference": "messages.0.id",
    "receipt": {
        "secrets": ["first-secret", "second-secret"],
        "list": "results",
        "id": "ref",
        "reference": "messageId",
        "status": "status.group",
        "at": "doneAt",
        "statuses": {"DELIVERED": "delivered", "UNDELIVERABLE": "permanent-failure", "PENDING": "pending"},
    },
    "inbound": {"source": "from", "destination": "to", "message": "text", "reference": "id", "at": "at"},
}


class Handler(BaseHTTPRequestHandler):
    seen = []
    status, body, extra = 200, b'{"messages": [{"id": "p-1"}]}', {}

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        self.seen.append((self.headers["Authorization"], json.loads(self.rfile.read(length))))
        if self.status == 0:
            self.connection.close()
            return
        self.send_response(self.status)
        for name, value in self.extra.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *args):
        pass


@pytest.fixture
def server(settings):
    Handler.seen.clear()
    Handler.status, Handler.body, Handler.extra = 200, b'{"messages": [{"id": "p-1"}]}', {}
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    settings.HTTP_SMS = {**CONFIG, "url": f"http://127.0.0.1:{httpd.server_port}/sms"}
    yield httpd
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture
def message():
    return Outgoing(
        notification_id=uuid7(),
        channel="sms",
        to="+447700900123",
        service_id=uuid7(),
        service_name="Bins",
        sender="BINS",
        text="Hi {to} “Sam”",
    )


def test_a_text_is_posted_by_the_description(server, message):
    assert HttpSms().send(message) == ProviderAccepted(provider_reference="p-1")
    text = {
        "to": "447700900123",
        "from": "BINS",
        "text": "Hi {to} “Sam”",
        "ref": str(message.notification_id),
        "report": True,
    }
    assert Handler.seen == [("Bearer our-key", {"messages": [text]})]


@pytest.mark.parametrize(
    ("status", "body", "result"),
    [
        (202, b"thanks", ProviderAccepted()),
        (200, b'{"messages": []}', ProviderAccepted()),
        (429, b"", NotSent("The provider asks us to slow down", retry_after=7.0)),
        (401, b"", NotSent("The provider does not accept our account (401)", stops=True)),
        (403, b"", NotSent("The provider does not accept our account (403)", stops=True)),
        (404, b"", NotSent("The provider takes no messages at our address for it (404)", stops=True)),
        (302, b"", NotSent("The provider takes no messages at our address for it (302)", stops=True)),
        (400, b"", Rejected("The provider refused the message (400)")),
        (422, b"", Rejected("The provider refused the message (422)")),
        (500, b"", Unknown("The provider answered 500")),
        (502, b"", NotSent("The provider cannot take messages now (502)")),
        (503, b"", NotSent("The provider cannot take messages now (503)")),
        (504, b"", NotSent("The provider cannot take messages now (504)")),
        (0, b"", Unknown("The connection broke: ProtocolError")),
    ],
)
def test_each_answer_has_its_class(server, message, status, body, result):
    Handler.status, Handler.body, Handler.extra = status, body, {"Retry-After": "7"} if status == 429 else {}
    assert HttpSms().send(message) == result


def test_a_503_is_unknown_where_the_provider_is_said_to_take_messages_with_it(server, settings, message):
    settings.HTTP_SMS = {**settings.HTTP_SMS, "not_taken": [500]}
    Handler.status, Handler.body = 503, b""
    assert HttpSms().send(message) == Unknown("The provider answered 503")
    Handler.status = 500
    assert HttpSms().send(message) == NotSent("The provider cannot take messages now (500)")


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), ("Wed, 21 Oct 2099 07:28:30 GMT", 30), ("soon", None)])
def test_the_providers_own_wish_to_wait_is_read_in_both_forms(server, message, header, seconds):
    Handler.status, Handler.body, Handler.extra = 503, b"", {"Retry-After": header}
    with time_machine.travel("2099-10-21T07:28:00Z", tick=False):
        assert HttpSms().send(message).retry_after == seconds


@pytest.mark.parametrize("url", ["http://[broken/sms", "http://"])
def test_an_address_that_is_no_url_stops_the_provider(settings, message, url):
    settings.HTTP_SMS = {**CONFIG, "url": url}
    result = HttpSms().send(message)
    assert isinstance(result, NotSent)
    assert result.stops


def test_a_provider_that_is_not_there_did_not_get_it(settings, message):
    settings.HTTP_SMS = {**CONFIG, "url": "http://127.0.0.1:1/sms"}
    assert HttpSms().send(message) == NotSent("The provider cannot be reached")


def test_receipts_are_read_by_their_paths(server):
    ours = uuid7()
    body = {
        "results": [
            {"ref": str(ours), "messageId": "p-1", "status": {"group": "DELIVERED"}, "doneAt": "2026-01-01T10:00:00Z"},
            {"messageId": "p-2", "status": {"group": "UNDELIVERABLE"}},
            {"messageId": "p-3", "status": {"group": "NEW WORD"}},
        ]
    }
    first, second, third = HttpSms().parse_receipts(json.dumps(body).encode())
    assert (first.notification_id, first.status, first.at.isoformat()) == (
        ours,
        Status.DELIVERED,
        "2026-01-01T10:00:00+00:00",
    )
    assert second == Receipt(
        provider="http-sms",
        status=Status.PERMANENT_FAILURE,
        reference="p-2",
        detail="The provider says UNDELIVERABLE",
    )
    assert (third.status, third.unlisted, third.detail) == (None, "NEW WORD", "")


@pytest.mark.parametrize(
    "raw", [b"", b"x", b"7", b"[7]", b'{"results": 7}', b'{"results": [{}]}', b'{"results": [{"messageId": "1"}]}', b"[" * 5000]
)
def test_an_unreadable_body_is_refused(server, raw):
    with pytest.raises(UnreadableBody):
        HttpSms().parse_receipts(raw)
    with pytest.raises(UnreadableBody):
        HttpSms().parse_inbound(raw)


def test_received_texts_are_read(server):
    raw = b'{"from": "447700900123", "to": "07700900000", "text": "STOP", "id": "i-1", "at": "2026-01-01T10:00:00+01:00"}'
    [text] = HttpSms().parse_inbound(raw)
    assert text == InboundText("http-sms", "447700900123", "07700900000", "STOP", "i-1", text.at)
    assert text.at.isoformat() == "2026-01-01T10:00:00+01:00"


@pytest.mark.parametrize(
    ("secrets", "signature", "header", "good"),
    [
        (["one", "two"], False, "Bearer two", True),
        (["one", "two"], False, "one", True),
        (["one", "two"], False, "three", False),
        (["one"], False, "", False),
        ([], False, "", False),
        ([""], False, "", False),
        (["one"], True, "sha256=" + hmac.new(b"one", b"{}", hashlib.sha256).hexdigest(), True),
        (["one"], True, hmac.new(b"two", b"{}", hashlib.sha256).hexdigest(), False),
        (["one"], False, "caf\u00e9", False),
    ],
)
def test_credentials_are_checked(settings, secrets, signature, header, good):
    settings.HTTP_SMS = {"receipt": {"secrets": secrets, "signature": signature}}
    request = RequestFactory().post("/", b"{}", content_type="application/json", headers={"Authorization": header})
    assert HttpSms().verify_receipt(request) is good


def test_values_are_filled_in_once_and_paths_are_followed():
    assert fill({"a": ["{to} {text}", 1]}, {"to": "{text}", "text": "x"}) == {"a": ["{text} x", 1]}
    assert [dig({"a": [{"b": 1}]}, path) for path in ("a.0.b", "a.1.b", "a.x", "")] == [1, None, None, None]
