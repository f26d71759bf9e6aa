import pytest
from django.test import Client

from accounts import guardian
from services.permissions import MANAGE_API_KEYS
from tests.factories.accounts import UserFactory
from tests.factories.services import join


@pytest.fixture
def person(service):
    person = UserFactory()
    join(service, person)
    guardian.grant(person, MANAGE_API_KEYS, service)
    return person


@pytest.fixture
def client(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def base(service) -> str:
    return f"/services/{service.pk}/api/callbacks"
