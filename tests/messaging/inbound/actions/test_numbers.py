from functools import cached_property
from unittest.mock import ANY

import pytest

from audit.models import AuditEvent
from audit.record import SYSTEM
from messaging.inbound.actions import numbers
from messaging.inbound.models import InboundNumber
from notify.lib.refusals import ActionRefused, PermissionRefused
from tests.factories.accounts import UserFactory
from tests.factories.inbound import InboundNumberFactory
from tests.factories.services import ServiceFactory, SmsSenderFactory
from tests.helpers.cast import STAFF, PlatformCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    return ServiceFactory(name="Bins", organisation=None, permissions=["sms"], sender="BINS")


@pytest.fixture
def number():
    return numbers.add_inbound_number(number="07700 900 123", provider="sandbox", by=SYSTEM)


def test_a_number_is_given_and_taken_back(service, number):
    numbers.allocate_inbound_number(number, service=service, by=SYSTEM)
    service.refresh_from_db()
    assert service.permissions == ["sms", "inbound_sms"]
    assert list(service.sms_senders.filter(is_default=True).values_list("name", "is_inbound_number")) == [("07700900123", True)]
    numbers.release_inbound_number(number, by=SYSTEM)
    service.refresh_from_db()
    assert service.permissions == ["sms"]
    assert list(service.sms_senders.filter(archived_at=None).values_list("name", "is_default")) == [("BINS", True)]
    assert InboundNumber.objects.get(number="07700900123").service is None


def test_a_number_has_one_service_and_a_service_one_number(service, number):
    numbers.allocate_inbound_number(number, service=service, by=SYSTEM)
    with pytest.raises(ActionRefused, match="not free"):
        numbers.allocate_inbound_number(number, service=service, by=SYSTEM)
    other = numbers.add_inbound_number(number="60006", provider="sandbox", by=SYSTEM)
    with pytest.raises(ActionRefused, match="has a number already"):
        numbers.allocate_inbound_number(other, service=service, by=SYSTEM)
    with pytest.raises(ActionRefused, match="No service"):
        numbers.release_inbound_number(other, by=SYSTEM)


@pytest.mark.parametrize("number", ["", "abc", "1" * 20, "07700900123"])
def test_a_number_must_be_one_and_new(number):
    numbers.add_inbound_number(number="07700900123", provider="sandbox", by=SYSTEM)
    with pytest.raises(ActionRefused):
        numbers.add_inbound_number(number=number, provider="sandbox", by=SYSTEM)


def test_others_change_nothing(service, number):
    stranger = UserFactory(is_staff=True)
    for attempt in (
        lambda: numbers.add_inbound_number(number="60006", provider="x", by=stranger),
        lambda: numbers.allocate_inbound_number(number, service=service, by=stranger),
        lambda: numbers.release_inbound_number(number, by=stranger),
    ):
        with pytest.raises(PermissionRefused):
            attempt()
    assert not AuditEvent.objects.filter(actor=stranger).exists()


def test_a_service_that_may_receive_already_keeps_its_permissions(service, number):
    service.permissions = ["sms", "inbound_sms"]
    service.save()
    numbers.allocate_inbound_number(number, service=service, by=SYSTEM)
    service.refresh_from_db()
    assert service.permissions == ["sms", "inbound_sms"]


def test_another_default_sender_stays_when_a_number_goes(service, number):
    numbers.allocate_inbound_number(number, service=service, by=SYSTEM)
    service.sms_senders.filter(is_inbound_number=True).update(is_default=False)
    service.sms_senders.create(name="OTHER", is_default=True)
    numbers.release_inbound_number(number, by=SYSTEM)
    assert list(service.sms_senders.filter(archived_at=None, is_default=True).values_list("name", flat=True)) == ["OTHER"]


def test_a_number_without_a_sender_is_taken_back_too(service, number):
    InboundNumber.objects.update(service=service)
    released = numbers.release_inbound_number(number, by=SYSTEM)
    assert (released.service, service.sms_senders.get(is_default=True).name) == (None, "BINS")


# --- Who may, and what is written ---------------------------------------------------------------------------------
class NumbersCast(PlatformCast):
    @cached_property
    def receiving(self):
        """A service that has a number, which is its default sender."""
        service = ServiceFactory(permissions=["sms", "inbound_sms"], sender=False)
        sender = SmsSenderFactory(service=service, name="07700900501", is_default=True, is_inbound_number=True)
        SmsSenderFactory(service=service, name="BINS")
        InboundNumberFactory(number=sender.name, service=service, sms_sender=sender)
        return service


def number_of(cast):
    return cast.receiving.inbound_number


HAS_ONE = "This service has a number already"
VERBS = [
    Verb(
        numbers.add_inbound_number,
        lambda cast: call(number="60006", provider="sandbox"),
        STAFF,
        {"+InboundNumber": 1, "history": ["inbound_number.added"]},
        refused={
            "Enter the number in digits, like 07700900123 or 60006": lambda cast: call(number="x", provider="sandbox"),
            "This number is there already": lambda cast: call(number=number_of(cast).number, provider="sandbox"),
        },
    ),
    Verb(
        numbers.allocate_inbound_number,
        lambda cast: call(InboundNumberFactory(), service=ServiceFactory(permissions=["sms"])),
        STAFF,
        {
            "+SmsSender": 1,
            "InboundNumber.service_id": ANY,
            "InboundNumber.sms_sender_id": ANY,
            "Service.permissions": ["sms", "inbound_sms"],
            "SmsSender.is_default": False,
            "history": ["inbound_number.allocated"],
        },
        refused={
            "This number is not free": lambda cast: call(number_of(cast), service=ServiceFactory()),
            HAS_ONE: lambda cast: call(InboundNumberFactory(), service=cast.receiving),
        },
    ),
    Verb(
        numbers.release_inbound_number,
        lambda cast: call(number_of(cast)),
        STAFF,
        {
            "InboundNumber.service_id": None,
            "InboundNumber.sms_sender_id": None,
            "Service.permissions": ["sms"],
            "SmsSender.archived_at": ANY,
            "SmsSender.is_default": ANY,
            "history": ["inbound_number.released"],
        },
        refused={"No service has this number": lambda cast: call(InboundNumberFactory())},
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(NumbersCast, VERBS)
