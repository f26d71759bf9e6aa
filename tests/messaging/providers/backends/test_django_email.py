import smtplib
import socket
import threading
from types import SimpleNamespace

import pytest
import requests
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from messaging.providers.backends.django_email import DjangoEmail, build
from messaging.providers.base import NotSent, Outgoing, ProviderAccepted, Rejected, Unknown
from messaging.providers.models import ReceiptInbox
from notify.lib.ids import uuid7

outcome = None


class Backend(BaseEmailBackend):
    """Does what `outcome` says: an exception when opening, an exception when sending, or takes the message."""

    def open(self):
        if isinstance(outcome, tuple):
            raise outcome[0]

    def send_messages(self, messages):
        if isinstance(outcome, Exception):
            raise outcome
        for message in messages:
            if outcome:
                message.anymail_status = SimpleNamespace(message_id=outcome)
        return len(messages)


def outgoing(**fields) -> Outgoing:
    values = {
        "notification_id": uuid7(),
        "channel": "email",
        "to": "sam@example.com",
        "service_id": uuid7(),
        "service_name": "Bins",
        "sender": '"Bins" <bins@notify.example>',
        "reply_to": "help@dept.gov.uk",
        "subject": "Your bin",
        "text": "Hello",
        "html": "<p>Hello</p>",
        "headers": {"List-Unsubscribe": "<https://x/u>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        **fields,
    }
    return Outgoing(**values)


@pytest.fixture
def backend(settings, db):
    settings.EMAIL_BACKEND = f"{__name__}.Backend"

    def choose(value):
        global outcome  # noqa: PLW0603 - Django makes the backend
        outcome = value

    yield choose
    choose(None)


def test_the_email_has_every_header_and_the_same_message_id_each_time(settings):
    settings.EMAIL_DOMAIN = "mail.example"
    given = outgoing()
    message = build(given).message()
    assert {name: message[name] for name in message if name not in ("Date", "MIME-Version", "Content-Type")} == {
        "Subject": "Your bin",
        "From": '"Bins" <bins@notify.example>' if '"' in message["From"] else "Bins <bins@notify.example>",
        "To": "sam@example.com",
        "Reply-To": "help@dept.gov.uk",
        "Message-ID": f"<{given.notification_id}@mail.example>",
        "List-Unsubscribe": "<https://x/u>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert build(given).message()["Message-ID"] == message["Message-ID"]


def test_a_mail_server_without_receipts_counts_as_delivered(settings, db):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    given = outgoing()
    result = DjangoEmail().send(given)
    assert result == ProviderAccepted(provider_reference=f"<{given.notification_id}@{settings.EMAIL_DOMAIN}>")
    assert [m.to for m in mail.outbox] == [["sam@example.com"]]
    assert ReceiptInbox.objects.filter(provider="django").count() == 1


def test_a_tracked_message_waits_for_its_real_receipt(backend):
    backend("ses-1")
    assert DjangoEmail().send(outgoing()) == ProviderAccepted(provider_reference="ses-1")
    assert not ReceiptInbox.objects.exists()


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ((ConnectionRefusedError(),), NotSent),
        ((smtplib.SMTPAuthenticationError(535, b"no"),), NotSent),
        (smtplib.SMTPRecipientsRefused({"sam@example.com": (550, b"no such user")}), Rejected),
        (smtplib.SMTPRecipientsRefused({"sam@example.com": (451, b"greylisted")}), NotSent),
        (smtplib.SMTPDataError(554, b"spam"), Rejected),
        (smtplib.SMTPDataError(452, b"full"), NotSent),
        (smtplib.SMTPSenderRefused(550, b"no", "x"), NotSent),
        (smtplib.SMTPServerDisconnected("gone"), Unknown),
        (TimeoutError(), Unknown),
        (ConnectionResetError(), Unknown),
        (AnymailRecipientsRefused(), Rejected),
        (AnymailAPIError("x", status_code=429), NotSent),
        (AnymailAPIError("x", status_code=401), NotSent),
        (AnymailAPIError("x", status_code=422), Rejected),
        (AnymailAPIError("x", status_code=500), Unknown),
        (AnymailAPIError("x", status_code=502), NotSent),
        (AnymailAPIError("x", status_code=503), NotSent),
        (AnymailAPIError("x", status_code=504), NotSent),
        (AnymailAPIError("x"), Unknown),
    ],
)
def test_each_failure_has_its_class(backend, error, kind):
    backend(error)
    result = DjangoEmail().send(outgoing())
    assert type(result) is kind
    assert "sam@example.com" not in result.reason


def accept_and_close(server):
    server.accept()[0].close()


@pytest.mark.parametrize(
    ("address", "kind"),
    [("http://127.0.0.1:1/", NotSent), ("http://nobody.invalid/", NotSent), ("{cut}", Unknown)],
)
def test_a_connection_that_was_never_made_is_not_sent_and_a_cut_one_unknown(backend, address, kind):
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=accept_and_close, args=[server], daemon=True).start()
        try:
            requests.post(address.format(cut=f"http://127.0.0.1:{server.getsockname()[1]}/"), timeout=5)
        except requests.RequestException as cause:
            error = AnymailAPIError("x")
            error.__cause__ = cause
    backend(error)
    assert type(DjangoEmail().send(outgoing())) is kind


@pytest.mark.parametrize(
    ("error", "stops"),
    [
        ((smtplib.SMTPAuthenticationError(535, b"no"),), True),
        (AnymailAPIError("x", status_code=401), True),
        (AnymailAPIError("x", status_code=404), True),
        (AnymailAPIError("x", status_code=429), False),
        (AnymailAPIError("x", status_code=503), False),
    ],
)
def test_a_refused_account_or_a_wrong_address_stops_the_provider(backend, error, stops):
    backend(error)
    assert DjangoEmail().send(outgoing()).stops is stops


def test_a_header_with_a_line_break_is_rejected_and_not_sent(settings, db):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert type(DjangoEmail().send(outgoing(subject="a\nBcc: all@example.com"))) is Rejected
    assert mail.outbox == []
