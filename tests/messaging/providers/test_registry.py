from collections import Counter

import pytest

from messaging.providers import health
from messaging.providers.base import NotSent, Provider, ProviderAccepted, Unknown
from messaging.providers.models import ProviderState
from messaging.providers.registry import NoProvider, choose, has_other, provider, providers_for
from notify.lib import short_cache
from tests.factories.providers import ProviderStateFactory


class One(Provider):
    name = "one"


class Two(Provider):
    name = "two"
    supports_international = False


@pytest.fixture(autouse=True)
def _providers(settings, db):
    short_cache.clear_cache()
    health.reset()
    settings.PROVIDERS = {"one": f"{__name__}.One", "two": f"{__name__}.Two"}
    settings.SMS_PROVIDERS = ["one", "two"]
    settings.EMAIL_PROVIDERS = []


def test_providers_are_found_by_name_and_channel():
    assert [each.name for each in providers_for("sms")] == ["one", "two"]
    assert provider("two").name == "two"
    with pytest.raises(NoProvider):
        provider("three")


def test_the_shares_decide_who_gets_the_next_message():
    ProviderStateFactory(name="one", channel="sms", share=0)
    assert {choose("sms") for _ in range(20)} == {"two"}
    ProviderState.objects.update(share=100)
    assert set(Counter(choose("sms") for _ in range(60))) == {"one", "two"}


def test_a_switched_off_provider_gets_nothing():
    ProviderStateFactory(name="one", channel="sms", is_active=False)
    assert {choose("sms", attempt=n) for n in range(1, 9)} == {"two"}


def test_the_second_try_goes_elsewhere():
    assert [choose("sms", attempt=n) for n in (2, 3, 4)] == ["two", "one", "two"]


def test_messages_abroad_go_to_providers_that_take_them():
    assert {choose("sms", international=True, attempt=n) for n in range(1, 9)} == {"one"}


def test_without_a_provider_a_message_waits():
    with pytest.raises(NoProvider, match="email"):
        choose("email")


def test_a_failing_provider_is_passed_over_while_another_can_take_over(monkeypatch):
    moment = [1000.0]
    monkeypatch.setattr(health.time, "monotonic", lambda: moment[0])
    for _ in range(5):
        health.note("one", NotSent("down"))
    assert {choose("sms", attempt=n) for n in range(1, 9)} == {"two"}
    # Nobody else goes abroad: trying is better than resting.
    assert choose("sms", international=True) == "one"
    moment[0] += health.REST
    ProviderStateFactory(name="two", channel="sms", share=0)
    assert [choose("sms"), choose("sms")] == ["one", "two"]
    health.note("one", ProviderAccepted())
    assert [choose("sms"), choose("sms")] == ["one", "one"]


def test_a_few_failures_among_many_calls_do_no_harm():
    for _ in range(40):
        health.note("one", ProviderAccepted())
    for _ in range(6):
        health.note("one", Unknown("slow"))
    assert health.is_resting("one") is False


@pytest.mark.parametrize(("after", "wanted"), [("one", "two"), ("two", "one")])
def test_the_next_try_never_goes_to_the_provider_that_did_not_take_it(after, wanted):
    assert {choose("sms", attempt=n, after=after) for n in range(2, 9)} == {wanted}


def test_a_provider_that_takes_nothing_from_us_stops_at_once_and_says_why(monkeypatch, caplog):
    moment = [1000.0]
    monkeypatch.setattr(health.time, "monotonic", lambda: moment[0])
    assert has_other("two", "sms")
    health.note("one", NotSent("our account (401)", stops=True))
    health.note("one", NotSent("our account (401)", stops=True))
    assert [r.getMessage() for r in caplog.records] == ["provider.stopped provider=one reason=our account (401)"]
    assert {choose("sms") for _ in range(9)} == {"two"}
    assert not has_other("two", "sms")
    # Nobody else goes abroad, and it is no use trying.
    with pytest.raises(NoProvider, match="our account"):
        choose("sms", international=True)
    moment[0] += health.REST
    assert choose("sms", international=True) == "one"
    health.note("one", ProviderAccepted())
    assert health.why_stopped("one") == ""
