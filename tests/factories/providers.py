"""Providers and what they told."""

import factory

from messaging.providers.models import ProviderState, ReceiptInbox
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
