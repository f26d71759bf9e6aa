"""What the sandbox was given, and how it behaves."""

import factory

from messaging.notifications.rules.recipients import recipient_hash
from messaging.sandbox.models import SandboxBehaviour, SandboxMessage


class SandboxMessageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SandboxMessage

    channel = "sms"
    to = "07700900123"
    to_hash = factory.LazyAttribute(lambda message: recipient_hash(message.to))
    text = "Hi Sam"


class SandboxBehaviourFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SandboxBehaviour
        django_get_or_create = ("channel",)

    channel = "sms"
