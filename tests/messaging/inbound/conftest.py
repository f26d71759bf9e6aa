import pytest

from services.enums import ServicePermission
from tests.factories.inbound import InboundNumberFactory
from tests.factories.services import SmsSenderFactory


@pytest.fixture
def receiving(live_service):
    """A live service with a number of its own."""
    live_service.permissions = [*live_service.permissions, ServicePermission.INBOUND_SMS]
    live_service.save()
    number = InboundNumberFactory(number="07700900111", provider="http-sms", service=live_service)
    number.sms_sender = SmsSenderFactory(service=live_service, name=number.number, is_inbound_number=True)
    number.save()
    return live_service
