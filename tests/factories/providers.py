"""Providers and what they told."""

import factory

from messaging.providers.models import ProviderState, ReceiptInbox, UnlistedStatus
from notify.lib import clock


class ReceiptInboxFactory(factory.django.DjangoModelFactory):
    """Something a provider told that has not been read yet."""

    class Meta:
        model = ReceiptInbox

    provider = "sandbox"
    body = b"{}"
    received_at = factory.LazyFunction(clock.now)
    next_attempt_at = factory.SelfAttribute("received_at")


class ProviderStateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProviderState
        django_get_or_create = ("name", "channel")

    name = "sandbox"
    channel = "sms"


class UnlistedStatusFactory(factory.django.DjangoModelFactory):
    """A word of a provider that its settings do not list."""

    class Meta:
        model = UnlistedStatus

    provider = "http-sms"
    word = factory.Sequence(lambda n: f"WORD{n}")
    count = 1
    first_seen_at = factory.LazyFunction(clock.now)
    last_seen_at = factory.LazyFunction(clock.now)
