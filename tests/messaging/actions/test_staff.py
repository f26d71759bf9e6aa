import pytest

from audit.models import AuditEvent
from audit.record import SYSTEM
from messaging.actions import staff
from messaging.models import InboundNumber, ProviderState
from notify.lib.refusals import ActionRefused, PermissionRefused
from services.models import Service, SmsSender
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_providers():
    ProviderState.objects.filter(channel="sms").delete()
    return [ProviderState.objects.create(name=name, channel="sms", share=share) for name, share in (("a", 100), ("b", 0))]


@pytest.fixture
def service():
    service = Service.objects.create(name="Bins", normalised_name="bins", organisation_type="local", permissions=["sms"])
    SmsSender.objects.create(service=service, name="BINS", is_default=True)
    return service


@pytest.fixture
def number():
    return staff.add_inbound_number(number="07700 900 123", provider="sandbox", by=SYSTEM)


def test_shares_make_a_hundred_together(two_providers):
    staff.set_shares("sms", shares={"a": 30, "b": 70}, reason="Cheaper", by=SYSTEM)
    assert dict(ProviderState.objects.filter(channel="sms").values_list("name", "share")) == {"a": 30, "b": 70}
    for shares in ({"a": 30, "b": 30}, {"a": 200, "b": -100}, {"a": 50, "c": 50}):
        with pytest.raises(ActionRefused):
            staff.set_shares("sms", shares=shares, reason="x", by=SYSTEM)
    with pytest.raises(ActionRefused):
        staff.set_shares("sms", shares={"a": 100, "b": 0}, reason=" ", by=SYSTEM)


def test_the_last_provider_stays_on(two_providers):
    first, second = two_providers
    assert staff.switch_provider(first, is_active=False, reason="Down", by=SYSTEM).is_active is False
    with pytest.raises(ActionRefused, match="only provider in use"):
        staff.switch_provider(second, is_active=False, reason="Down", by=SYSTEM)


def test_a_number_is_given_and_taken_back(service, number):
    staff.allocate_inbound_number(number, service=service, by=SYSTEM)
    service.refresh_from_db()
    assert service.permissions == ["sms", "inbound_sms"]
    assert list(service.sms_senders.filter(is_default=True).values_list("name", "is_inbound_number")) == [("07700900123", True)]
    staff.release_inbound_number(number, by=SYSTEM)
    service.refresh_from_db()
    assert service.permissions == ["sms"]
    assert list(service.sms_senders.filter(archived_at=None).values_list("name", "is_default")) == [("BINS", True)]
    assert InboundNumber.objects.get(number="07700900123").service is None


def test_a_number_has_one_service_and_a_service_one_number(service, number):
    staff.allocate_inbound_number(number, service=service, by=SYSTEM)
    with pytest.raises(ActionRefused, match="not free"):
        staff.allocate_inbound_number(number, service=service, by=SYSTEM)
    other = staff.add_inbound_number(number="60006", provider="sandbox", by=SYSTEM)
    with pytest.raises(ActionRefused, match="has a number already"):
        staff.allocate_inbound_number(other, service=service, by=SYSTEM)
    with pytest.raises(ActionRefused, match="No service"):
        staff.release_inbound_number(other, by=SYSTEM)


@pytest.mark.parametrize("number", ["", "abc", "1" * 20, "07700900123"])
def test_a_number_must_be_one_and_new(number):
    staff.add_inbound_number(number="07700900123", provider="sandbox", by=SYSTEM)
    with pytest.raises(ActionRefused):
        staff.add_inbound_number(number=number, provider="sandbox", by=SYSTEM)


def test_references_that_are_no_letters_are_all_named():
    with pytest.raises(ActionRefused) as caught:
        staff.report_returned_letters(references=["nonsense", "3f0f6a3c-0000-7000-8000-000000000000", ""], by=SYSTEM)
    assert len(caught.value.reasons) == 2
    with pytest.raises(ActionRefused):
        staff.report_returned_letters(references=[], by=SYSTEM)


def test_others_change_nothing(two_providers, service, number):
    stranger = UserFactory(is_staff=True)
    for attempt in (
        lambda: staff.set_shares("sms", shares={"a": 100, "b": 0}, reason="x", by=stranger),
        lambda: staff.switch_provider(two_providers[0], is_active=False, reason="x", by=stranger),
        lambda: staff.add_inbound_number(number="60006", provider="x", by=stranger),
        lambda: staff.allocate_inbound_number(number, service=service, by=stranger),
        lambda: staff.release_inbound_number(number, by=stranger),
        lambda: staff.report_returned_letters(references=["x"], by=stranger),
    ):
        with pytest.raises(PermissionRefused):
            attempt()
    assert not AuditEvent.objects.filter(actor=stranger).exists()
