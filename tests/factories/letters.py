"""Letters that came back."""

import factory

from messaging.letters.models import ReturnedLetter
from notify.lib.ids import uuid7
from tests.factories.services import LiveServiceFactory


class ReturnedLetterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReturnedLetter

    service = factory.SubFactory(LiveServiceFactory)
    notification_id = factory.LazyFunction(uuid7)
