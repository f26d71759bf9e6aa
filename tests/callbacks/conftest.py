import pytest

from callbacks.actions import deliver
from callbacks.models import CallbackEndpoint
from services.models import Service
from tests.factories.api import make_service
from tests.factories.callbacks import Receiver, make_endpoint


@pytest.fixture(autouse=True)
def _nobody_is_woken(monkeypatch):
    """Tests post what is due themselves."""
    monkeypatch.setattr("notify.lib.wakeup.wake", lambda *args: None)


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
