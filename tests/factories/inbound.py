"""Numbers that receive, and texts that came in."""

import factory

from messaging.inbound.models import InboundNumber, ReceivedText
from messaging.notifications.rules.recipients import recipient_hash
from tests.factories.services import LiveServiceFactory


class InboundNumberFactory(factory.django.DjangoModelFactory):
    """A number that no service has taken."""

    class Meta:
        model = InboundNumber

    number = factory.Sequence(lambda n: f"077009{n:05}")
    provider = "sandbox"


class ReceivedTextFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReceivedText

    service = factory.SubFactory(LiveServiceFactory)
    notify_number = "07700900111"
    user_number = "447700900123"
    user_hash = factory.LazyAttribute(lambda text: recipient_hash(f"+{text.user_number}"))
    content = "Hello"
    provider = "sandbox"
