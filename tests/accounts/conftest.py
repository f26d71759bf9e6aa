"""Reading what the platform sent, and browsers that walk through the sign-in pages."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from messaging.notifications.rules.recipients import recipient_hash
from messaging.sandbox.models import SandboxMessage
from services.enums import Channel
from tests.factories.accounts import PASSWORD


class Post:
    """What the platform sent to somebody, latest first."""

    def __init__(self, to: str, channel: Channel) -> None:
        self.found = list(SandboxMessage.objects.filter(to_hash=recipient_hash(to), channel=channel).order_by("-pk"))

    def __len__(self) -> int:
        return len(self.found)

    @property
    def code(self) -> str:
        return re.search(r"\b(\d{5})\b", self.found[0].text).group(1)

    @property
    def path(self) -> str:
        """The path of the link in the latest email."""
        return re.search(r"https?://[^/\s]+(/\S+)", self.found[0].text).group(1)

    @property
    def subject(self) -> str:
        return self.found[0].subject


@pytest.fixture
def emails() -> Callable[[str], Post]:
    return lambda to: Post(to, Channel.EMAIL)


@pytest.fixture
def texts() -> Callable[[str], Post]:
    return lambda to: Post(to, Channel.SMS)


@pytest.fixture(autouse=True)
def _deliver_at_once(settings, monkeypatch) -> None:
    """Emails go where the sandbox shows them. Tests never commit: what waits for that happens at once."""
    settings.EMAIL_BACKEND = "messaging.sandbox.email_backend.SandboxEmailBackend"
    monkeypatch.setattr("django.db.transaction.on_commit", lambda function, *args, **kwargs: function())


@pytest.fixture
def sign_in(emails, texts) -> Callable[..., Client]:
    """`sign_in(person)`: a browser that went through password and code."""

    def through(person, client: Client | None = None) -> Client:
        client = client or Client()
        client.post("/sign-in", {"login": person.email, "password": PASSWORD})
        code = texts(person.mobile_number).code if person.sign_in_method == "sms_auth" else emails(person.email).code
        client.post("/two-factor", {"code": code})
        return client

    return through
