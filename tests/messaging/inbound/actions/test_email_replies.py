import json

import pytest
from django.test import Client, override_settings

from messaging.inbound.actions.email_replies import pass_on_reply
from messaging.notifications.actions.receipts import apply_due
from messaging.providers.models import ReceiptInbox
from tests.factories.services import LiveServiceFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def service():
    service = LiveServiceFactory(name="Bin collections")
    service.reply_to_addresses.create(email_address="bins@town.gov.uk", is_default=True)
    return service


def email(**fields):
    values = {"to": ["bin.collections@notify.example"], "from": "sam@example.com", "subject": "Re: Your bin"}
    return {**values, "text": "It was <b>not</b> collected", "automatic": False, **fields}


def test_reply_is_passed_on_to_the_services_reply_to_address(service, mailoutbox):
    assert pass_on_reply(email())
    (sent,) = mailoutbox
    assert (sent.to, sent.subject) == (["bins@town.gov.uk"], "A reply to Bin collections: Re: Your bin")
    assert "sam@example.com replied" in sent.body
    assert "&lt;b&gt;not&lt;/b&gt;" in sent.alternatives[0].content


@pytest.mark.parametrize(
    "fields",
    [
        {"automatic": True},
        {"from": "noreply@notify.example"},
        {"from": "bins@town.gov.uk"},
        {"to": ["nobody@notify.example"]},
        {"to": ["bin.collections@elsewhere.example"]},
        {"to": []},
    ],
)
def test_automatic_own_and_stray_emails_are_dropped(service, mailoutbox, fields):
    assert not pass_on_reply(email(**fields))
    assert mailoutbox == []


def test_service_without_a_reply_to_address_gets_nothing():
    LiveServiceFactory(name="Bin collections")
    assert not pass_on_reply(email())


@override_settings(ANYMAIL={"WEBHOOK_SECRET": "someone:secret"})
def test_email_services_webhook_is_stored_sealed_and_applied(service, mailoutbox):
    answer = Client().post(
        "/receipts/anymail/postmark/inbound/",
        json.dumps(
            {
                "FromFull": {"Email": "sam@example.com", "Name": "Sam"},
                "ToFull": [{"Email": "bin.collections@notify.example", "Name": ""}],
                "OriginalRecipient": "bin.collections@notify.example",
                "Subject": "Re: Your bin",
                "TextBody": "Thank you",
                "Headers": [],
            }
        ),
        content_type="application/json",
        headers={"Authorization": "Basic c29tZW9uZTpzZWNyZXQ="},
    )
    assert answer.status_code == 200
    row = ReceiptInbox.objects.get()
    assert (row.kind, b"Thank you" in bytes(row.body)) == ("email", False)
    apply_due()
    assert [sent.to for sent in mailoutbox] == [["bins@town.gov.uk"]]
