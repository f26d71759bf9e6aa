from unittest.mock import ANY

import pytest

from audit.models import AuditEvent
from audit.record import SYSTEM
from messaging.providers.actions import shares
from messaging.providers.models import ProviderState
from notify.lib.refusals import ActionRefused, PermissionRefused
from tests.factories.accounts import UserFactory
from tests.factories.providers import ProviderStateFactory
from tests.helpers.cast import STAFF, PlatformCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_providers():
    ProviderState.objects.filter(channel="sms").delete()
    return [ProviderStateFactory(name=name, channel="sms", share=share) for name, share in (("a", 100), ("b", 0))]


def test_shares_make_a_hundred_together(two_providers):
    shares.set_shares("sms", shares={"a": 30, "b": 70}, reason="Cheaper", by=SYSTEM)
    assert dict(ProviderState.objects.filter(channel="sms").values_list("name", "share")) == {"a": 30, "b": 70}
    for wanted in ({"a": 30, "b": 30}, {"a": 200, "b": -100}, {"a": 50, "c": 50}):
        with pytest.raises(ActionRefused):
            shares.set_shares("sms", shares=wanted, reason="x", by=SYSTEM)
    with pytest.raises(ActionRefused):
        shares.set_shares("sms", shares={"a": 100, "b": 0}, reason=" ", by=SYSTEM)


def test_what_stays_as_it_is_is_not_written_down(two_providers):
    shares.set_shares("sms", shares={"a": 100, "b": 0}, reason="Checked", by=SYSTEM)
    assert shares.switch_provider(two_providers[0], is_active=True, reason="Checked", by=SYSTEM).is_active is True
    assert not AuditEvent.objects.exists()


def test_the_last_provider_stays_on(two_providers):
    first, second = two_providers
    assert shares.switch_provider(first, is_active=False, reason="Down", by=SYSTEM).is_active is False
    with pytest.raises(ActionRefused, match="only provider in use"):
        shares.switch_provider(second, is_active=False, reason="Down", by=SYSTEM)


def test_others_change_nothing(two_providers):
    stranger = UserFactory(is_staff=True)
    for attempt in (
        lambda: shares.set_shares("sms", shares={"a": 100, "b": 0}, reason="x", by=stranger),
        lambda: shares.switch_provider(two_providers[0], is_active=False, reason="x", by=stranger),
    ):
        with pytest.raises(PermissionRefused):
            attempt()
    assert not AuditEvent.objects.filter(actor=stranger).exists()


# --- Who may, and what is written ---------------------------------------------------------------------------------
def two_of(cast):
    ProviderState.objects.filter(channel="sms").delete()
    return [ProviderStateFactory(name=name, channel="sms", share=share) for name, share in (("a", 100), ("b", 0))]


def sharing(cast, **fields):
    two_of(cast)
    return call("sms", **({"shares": {"a": 50, "b": 50}, "reason": "Cheaper"} | fields))


def alone(cast):
    first, second = two_of(cast)
    second.delete()
    return first


NO_REASON = "Say why you change it"
SUM = "The shares must be whole numbers that make 100 together"
LAST = "This is the only provider in use for this channel. Switch another one on first"
VERBS = [
    Verb(
        shares.set_shares,
        sharing,
        STAFF,
        {
            "ProviderState.share": [50, 50],
            "ProviderState.updated_at": ANY,
            "history": ["provider.changed", "provider.changed"],
        },
        refused={
            NO_REASON: lambda cast: sharing(cast, reason=" "),
            SUM: lambda cast: sharing(cast, shares={"a": 50, "b": 51}),
            "There is no such provider: c": lambda cast: sharing(cast, shares={"a": 50, "c": 50}),
        },
    ),
    Verb(
        shares.switch_provider,
        lambda cast: call(two_of(cast)[0], is_active=False, reason="Down"),
        STAFF,
        {"ProviderState.is_active": False, "ProviderState.updated_at": ANY, "history": ["provider.changed"]},
        refused={
            NO_REASON: lambda cast: call(two_of(cast)[0], is_active=False, reason=" "),
            LAST: lambda cast: call(alone(cast), is_active=False, reason="Down"),
        },
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(PlatformCast, VERBS)
