"""The platform's own texts: through the providers of the installation, and tried again when they did not leave."""

import pytest

from messaging.providers import health, registry
from messaging.providers.actions.platform_texts import send_platform_text
from messaging.providers.base import NotSent, ProviderAccepted, Rejected, Unknown
from messaging.sandbox.models import SandboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def answering(monkeypatch):
    """`answering(result)`: every provider says this from now on; gives what it was handed."""

    def make(result):
        given = []
        monkeypatch.setattr(registry, "send", lambda name, outgoing: given.append(outgoing) or result)
        return given

    return make


def test_a_text_leaves_in_the_platforms_name(settings):
    health.reset()
    settings.DEFAULT_SMS_SENDER = "NOTIFY"
    send_platform_text("+447700900123", "Your code is 12345")
    sent = SandboxMessage.objects.get()
    assert (sent.channel, sent.to, sent.sender, sent.text) == ("sms", "+447700900123", "NOTIFY", "Your code is 12345")


def test_what_did_not_leave_is_tried_again(answering, settings):
    answering(NotSent("down"))
    with pytest.raises(OSError, match="down"):
        send_platform_text("+447700900123", "Hello")
    settings.SMS_PROVIDERS = []
    with pytest.raises(OSError, match="No provider"):
        send_platform_text("+447700900123", "Hello")


@pytest.mark.parametrize("result", [ProviderAccepted(), Unknown("slow"), Rejected("bad number")])
def test_what_left_or_never_will_is_not_tried_again(answering, result):
    given = answering(result)
    send_platform_text("+447700900123", "Hello")
    assert [each.text for each in given] == ["Hello"]


def test_a_rejected_text_is_written_down(answering, caplog):
    answering(Rejected("bad number"))
    send_platform_text("+447700900123", "Hello")
    assert "A text of the platform was rejected: bad number" in caplog.text
    assert "+447700900123" not in caplog.text
