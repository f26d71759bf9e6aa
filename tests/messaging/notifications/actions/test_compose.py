"""A stored message as a provider gets it."""

import pytest

from messaging.enums import Status
from messaging.notifications import slots
from messaging.notifications.actions.compose import NotSendable, compose
from messaging.notifications.queries.activity import opened
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import NotificationFactory
from tests.factories.services import LiveServiceFactory

pytestmark = pytest.mark.django_db


def composed(channel="sms", content=(), words=None, **fields):
    template = TemplateFactory(service=LiveServiceFactory(name="Bin days", **fields), channel=channel, words=words)
    message = NotificationFactory(template=template, content={"sender": "BINS"} | dict(content))
    return compose(message, opened([message])[message.pk])


def test_a_text_has_its_words_and_its_number_of_fragments():
    text = composed(words={"body": "Hi ((name)) " + "x" * 160}, prefix_sms=True)
    assert text.outgoing.text.startswith("Bin days: Hi Sam x")
    assert (text.outgoing.to, text.outgoing.sender, text.units) == ("+447700900123", "BINS", 2)


def test_an_email_names_the_service_and_where_to_answer():
    address = {"to": "Sam@example.com", "normalised": "sam@example.com", "sender": "bins@town.gov.uk"}
    email = composed("email", address, email_sender_name="Riverside").outgoing
    assert (email.to, email.reply_to, email.subject) == ("Sam@example.com", "bins@town.gov.uk", "About Sam")
    assert email.sender.startswith('"Riverside" <')
    assert ("Hi Sam" in email.text, "Hi Sam" in email.html, email.headers) == (True, True, {})


def test_the_services_own_link_to_unsubscribe_wins():
    address = {"to": "sam@example.com", "normalised": "sam@example.com", "unsubscribe_url": "https://x.example/u"}
    email = composed("email", address, words={"subject": "Hi", "has_unsubscribe_link": True}).outgoing
    assert email.headers["List-Unsubscribe"] == "<https://x.example/u>"


def test_a_channel_that_nobody_composes_is_not_sent(monkeypatch):
    monkeypatch.setattr(slots, "composers", {})
    with pytest.raises(NotSendable, match="Nothing here composes letter messages") as refused:
        composed("letter")
    assert refused.value.status == Status.TECHNICAL_FAILURE
