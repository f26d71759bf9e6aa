"""One service, its keys and its templates for the tests of the API."""

from collections.abc import Iterator

import pytest
from django.db import connection

from messaging import cached, rate
from messaging.models import MessageTemplate
from services.models import Service
from tests.factories.api import Api, make_key, make_service, make_template


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    cached.forget()
    rate.forget()
    yield
    cached.forget()


@pytest.fixture(autouse=True)
def _empty_partitions(request: pytest.FixtureRequest) -> Iterator[None]:
    """Django's flush leaves unmanaged tables alone; tests that commit clean up after themselves."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE messaging_notification, messaging_notificationcontent, messaging_deliveryattempt")


@pytest.fixture
def service(db: None) -> Service:
    return make_service()


@pytest.fixture
def api(service: Service) -> Api:
    return Api(make_key(service))


@pytest.fixture
def test_api(service: Service) -> Api:
    return Api(make_key(service, "test"))


@pytest.fixture
def team_api(service: Service) -> Api:
    return Api(make_key(service, "team"))


@pytest.fixture
def sms_template(service: Service) -> MessageTemplate:
    return make_template(service, "sms")


@pytest.fixture
def email_template(service: Service) -> MessageTemplate:
    return make_template(service, "email")


@pytest.fixture
def letter_template(service: Service) -> MessageTemplate:
    return make_template(service, "letter")
