"""The platform's own messages: their words, and that no queue of a service is in their way."""

import pytest
from celery import current_app

from accounts import emails, tasks
from messaging.providers import registry
from messaging.providers.actions import platform_texts
from messaging.providers.base import NotSent, ProviderAccepted, Rejected
from notify.lib import queues

NAMES = [
    "account_exists",
    "change_email",
    "confirm_email",
    "email_changed",
    "mobile_changed",
    "platform_test",
    "reset_password",
    "sign_in_code",
    "unknown_account",
]


@pytest.mark.parametrize("name", NAMES)
def test_every_email_has_a_one_line_subject_a_text_and_a_page(name):
    email = emails.render(name, to="a@x.gov.uk", context={"name": "<b>Mo</b> & co", "link": "https://x.example/?a=1&b=2"})
    assert email.subject
    assert "\n" not in email.subject
    assert email.text.strip()
    assert "<b>Mo</b>" not in email.html
    assert "&amp;b=2" not in email.text


def test_they_have_a_queue_of_their_own():
    for task in (tasks.send_email, tasks.send_text):
        assert current_app.amqp.router.route({}, task.name)["queue"].name == queues.PLATFORM


@pytest.fixture
def provider(monkeypatch):
    answers = []
    sent = []
    monkeypatch.setattr(registry, "choose", lambda channel: "one")
    monkeypatch.setattr(registry, "send", lambda name, outgoing: sent.append(outgoing) or answers[0])
    return answers, sent


def test_a_text_of_the_platform_goes_through_a_provider(provider):
    answers, sent = provider
    answers.append(ProviderAccepted())
    platform_texts.send_platform_text("+447700900123", "12345 is your code")
    assert (sent[0].to, sent[0].text) == ("+447700900123", "12345 is your code")


def test_a_text_that_did_not_leave_is_tried_again_and_a_rejected_one_is_not(provider, caplog):
    answers, _ = provider
    answers.append(NotSent("busy"))
    with pytest.raises(OSError, match="busy"):
        platform_texts.send_platform_text("+447700900123", "x")
    answers[0] = Rejected("bad number")
    platform_texts.send_platform_text("+447700900123", "x")
    assert "bad number" in caplog.text


def test_without_a_provider_it_is_tried_again(monkeypatch):
    def none(channel):
        raise registry.NoProvider("none")

    monkeypatch.setattr(registry, "choose", none)
    with pytest.raises(OSError, match="none"):
        platform_texts.send_platform_text("+447700900123", "x")
