from datetime import timedelta
from decimal import Decimal

import pytest

from messaging.notifications.actions import rates
from messaging.notifications.models import LetterRate, SmsRate
from messaging.notifications.queries.pricing import letter_rate, sms_rate
from notify.lib import clock
from notify.lib.refusals import ActionRefused, PermissionRefused
from tests.factories.notifications import LetterRateFactory, SmsRateFactory
from tests.helpers.cast import STAFF, PlatformCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


def test_new_price_counts_from_its_day_on(staff):
    tomorrow = clock.local_day() + timedelta(days=1)
    today_price = sms_rate(clock.local_day())
    rates.add_sms_rate(valid_from=tomorrow, rate=Decimal("0.03"), by=staff)
    assert (sms_rate(clock.local_day()), sms_rate(tomorrow)) == (today_price, Decimal("0.03000"))


def test_price_of_a_letter_is_added_for_crown_and_others(staff):
    today = clock.local_day()
    rates.add_letter_rate(valid_from=today, postage="first", sheets=1, rate=Decimal("2"), by=staff)
    assert [letter_rate(today, sheets=1, postage="first", crown=crown) for crown in (True, False)] == [2, 2]


@pytest.mark.parametrize(("days", "rate", "field"), [(-1, "0.03", "valid_from"), (0, "-1", "rate"), (0, "101", "rate")])
def test_bad_price_is_refused_beside_its_field(staff, days, rate, field):
    count = SmsRate.objects.count()
    with pytest.raises(ActionRefused) as refused:
        rates.add_sms_rate(valid_from=clock.local_day() + timedelta(days=days), rate=Decimal(rate), by=staff)
    assert ([reason.field for reason in refused.value.reasons], SmsRate.objects.count()) == ([field], count)


def test_day_has_one_price(staff):
    rates.add_sms_rate(valid_from=clock.local_day(), rate=Decimal("0.03"), by=staff)
    with pytest.raises(ActionRefused):
        rates.add_sms_rate(valid_from=clock.local_day(), rate=Decimal("0.04"), by=staff)


def test_only_staff_change_prices(manager):
    with pytest.raises(PermissionRefused):
        rates.add_sms_rate(valid_from=clock.local_day(), rate=Decimal("0.03"), by=manager)
    count = LetterRate.objects.count()
    with pytest.raises(PermissionRefused):
        rates.add_letter_rate(valid_from=clock.local_day(), postage="first", sheets=1, rate=Decimal("2"), by=manager)
    assert LetterRate.objects.count() == count


# --- Who may, and what is written ---------------------------------------------------------------------------------
def pricing(cast=None, **fields):
    return call(**({"valid_from": clock.local_day(), "rate": Decimal("0.03")} | fields))


def pricing_letters(cast=None, **fields):
    return pricing(**({"postage": "first", "sheets": 1} | fields))


def priced(factory, **fields):
    factory(valid_from=clock.local_day(), **fields)


YESTERDAY = "Bills of the past stay as they are: choose today or a later day"
TAKEN = "There is a price from this day already"
SILLY = "Enter pounds from 0 to 100"
VERBS = [
    Verb(
        rates.add_sms_rate,
        pricing,
        STAFF,
        {"+SmsRate": 1, "history": ["rate.added"]},
        refused={
            YESTERDAY: lambda cast: pricing(valid_from=clock.local_day() - timedelta(days=1)),
            SILLY: lambda cast: pricing(rate=Decimal(101)),
            TAKEN: lambda cast: priced(SmsRateFactory) or pricing(),
        },
    ),
    Verb(
        rates.add_letter_rate,
        pricing_letters,
        STAFF,
        {"+LetterRate": 2, "history": ["rate.added"]},
        refused={
            YESTERDAY: lambda cast: pricing_letters(valid_from=clock.local_day() - timedelta(days=1)),
            "A letter has 1 to 5 sheets": lambda cast: pricing_letters(sheets=6),
            TAKEN: lambda cast: priced(LetterRateFactory, postage="first") or pricing_letters(),
        },
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(PlatformCast, VERBS)
