"""Endpoints, what they are told, and the log of it."""

import factory

from callbacks.actions.deliver import new_secret
from callbacks.enums import Kind
from callbacks.models import CallbackAttempt, CallbackDelivery, CallbackEndpoint
from notify.lib import clock
from notify.lib.crypto import encrypt_json
from notify.lib.ids import uuid7
from tests.factories.services import ServiceFactory


class EndpointFactory(factory.django.DjangoModelFactory):
    """A URL that is told about delivery statuses, switched on and in good health."""

    class Meta:
        model = CallbackEndpoint

    service = factory.SubFactory(ServiceFactory)
    kind = Kind.DELIVERY_STATUS
    url = factory.Sequence(lambda n: f"https://hooks.department.gov.uk/notify/{n}")
    bearer_token = "a-token-of-theirs"
    signing_secret = factory.LazyFunction(new_secret)


class DeliveryFactory(factory.django.DjangoModelFactory):
    """A callback that waits to be posted."""

    class Meta:
        model = CallbackDelivery

    endpoint = factory.SubFactory(EndpointFactory)
    service_id = factory.SelfAttribute("endpoint.service_id")
    subject_id = factory.LazyFunction(uuid7)
    status = "delivered"
    channel = "sms"
    payload = factory.LazyFunction(lambda: encrypt_json({"status": "delivered"}))
    created_at = factory.LazyFunction(clock.now)
    next_attempt_at = factory.SelfAttribute("created_at")


class AttemptFactory(factory.django.DjangoModelFactory):
    """One try that was answered with 200."""

    class Meta:
        model = CallbackAttempt

    delivery = factory.SubFactory(DeliveryFactory)
    number = 1
    url = factory.SelfAttribute("delivery.endpoint.url")
    started_at = factory.LazyFunction(clock.now)
    milliseconds = 12
    status_code = 200
    exchange = factory.LazyFunction(lambda: encrypt_json({"request_headers": {}, "response_headers": {}, "response": ""}))
