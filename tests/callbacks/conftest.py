import pytest

from callbacks.actions import deliver
from callbacks.models import CallbackEndpoint
from services.models import Service
from tests.helpers.api import make_service
from tests.helpers.callbacks import Receiver, make_endpoint


@pytest.fixture
def service(db) -> Service:
    return make_service()


@pytest.fixture
def endpoint(service) -> CallbackEndpoint:
    return make_endpoint(service)


@pytest.fixture
def receiver(monkeypatch) -> Receiver:
    found = Receiver()
    monkeypatch.setattr(deliver.outbound, "post", found)
    return found
