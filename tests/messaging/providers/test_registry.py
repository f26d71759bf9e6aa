from collections import Counter

import pytest

from messaging import cached
from messaging.models import ProviderState
from messaging.providers.base import Provider
from messaging.providers.registry import NoProvider, choose, provider, providers_for


class One(Provider):
    name = "one"


class Two(Provider):
    name = "two"
    supports_international = False


@pytest.fixture(autouse=True)
def _providers(settings, db):
    cached.forget()
    settings.PROVIDERS = {"one": f"{__name__}.One", "two": f"{__name__}.Two"}
    settings.SMS_PROVIDERS = ["one", "two"]
    settings.EMAIL_PROVIDERS = []


def test_providers_are_found_by_name_and_channel():
    assert [each.name for each in providers_for("sms")] == ["one", "two"]
    assert provider("two").name == "two"
    with pytest.raises(NoProvider):
        provider("three")


def test_the_shares_decide_who_gets_the_next_message():
    ProviderState.objects.create(name="one", channel="sms", share=0)
    assert {choose("sms") for _ in range(20)} == {"two"}
    ProviderState.objects.update(share=100)
    assert set(Counter(choose("sms") for _ in range(60))) == {"one", "two"}


def test_a_switched_off_provider_gets_nothing():
    ProviderState.objects.create(name="one", channel="sms", is_active=False)
    assert {choose("sms", attempt=n) for n in range(1, 9)} == {"two"}


def test_the_second_try_goes_elsewhere():
    assert [choose("sms", attempt=n) for n in (2, 3, 4)] == ["two", "one", "two"]


def test_messages_abroad_go_to_providers_that_take_them():
    assert {choose("sms", international=True, attempt=n) for n in range(1, 9)} == {"one"}


def test_without_a_provider_a_message_waits():
    with pytest.raises(NoProvider, match="email"):
        choose("email")
