"""Lists take as many queries for many rows as for one."""

import pytest
from django.urls import reverse

from services.permissions import MANAGE_API_KEYS
from tests.factories.accounts import UserFactory
from tests.factories.callbacks import AttemptFactory, DeliveryFactory, EndpointFactory
from tests.factories.services import join
from tests.helpers.queries import at_one_and_three


@pytest.fixture
def browser(service, client_for):
    return client_for(join(service, UserFactory(), MANAGE_API_KEYS))


def test_the_list_of_callbacks(service, browser):
    address = reverse("callbacks:callback-list", args=[service.pk])
    one, three = at_one_and_three(browser, address, lambda: DeliveryFactory(endpoint=EndpointFactory(service=service)))
    assert three == one


@pytest.mark.parametrize("name", ["callbacks:delivery-list", "callbacks:endpoint-detail"])
def test_the_log(name, service, endpoint, browser):
    address = reverse(name, args=[service.pk] + ([endpoint.pk] if name.endswith("detail") else []))
    one, three = at_one_and_three(browser, address, lambda: AttemptFactory(delivery=DeliveryFactory(endpoint=endpoint)))
    assert three == one


def test_the_tries_of_a_delivery(service, endpoint, browser):
    delivery = DeliveryFactory(endpoint=endpoint)
    numbers = iter(range(1, 4))
    address = reverse("callbacks:delivery-detail", args=[service.pk, delivery.pk])
    one, three = at_one_and_three(browser, address, lambda: AttemptFactory(delivery=delivery, number=next(numbers)))
    assert three == one
