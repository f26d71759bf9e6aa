from datetime import date
from decimal import Decimal

import pytest
import time_machine

from dashboard.queries.usage import year_usage
from notify.lib.ids import uuid7
from tests.factories.notifications import StatDayFactory
from tests.factories.services import AllowanceFactory, LiveServiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    return LiveServiceFactory(organisation_type="local", created_at="2025-01-01T00:00:00Z")


def sent(service, day, channel="sms", *, count=1, units=0, cost=0, status=20, key_type="normal"):
    StatDayFactory(
        service_id=service.pk,
        day=day,
        template_id=uuid7(),
        channel=channel,
        key_type=key_type,
        status=status,
        count=count,
        units=units,
        cost=cost,
    )


@time_machine.travel("2026-11-23 12:00:00Z")
def test_free_texts_go_to_the_oldest_and_the_rest_costs_the_rate_of_its_day(service):
    sent(service, date(2026, 4, 2), units=9_000)
    sent(service, date(2026, 5, 2), units=3_000)
    year = year_usage(service, 2026)
    april, may = year.months[0], year.months[1]
    assert (year.allowance, year.text_units, year.free_texts_left) == (10_000, 12_000, 0)
    assert (april.free_text_units, april.text_cost) == (9_000, 0)
    assert (may.free_text_units, may.charged_text_units, may.text_cost) == (
        1_000,
        {Decimal("0.02400"): Decimal(2_000)},
        Decimal("48.00000"),
    )


@time_machine.travel("2026-11-23 12:00:00Z")
def test_only_months_that_have_begun_are_listed(service):
    assert [f"{month.first_day:%b}" for month in year_usage(service, 2026).months] == [
        *("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov")
    ]
    assert len(year_usage(service, 2025).months) == 12


@time_machine.travel("2026-11-23 12:00:00Z")
def test_test_keys_cancelled_and_never_sent_messages_cost_nothing(service):
    sent(service, date(2026, 4, 2), "email", count=5)
    sent(service, date(2026, 4, 2), "email", count=5, key_type="test")
    sent(service, date(2026, 4, 2), "email", count=5, status=24)
    sent(service, date(2026, 4, 2), "email", count=5, status=23)
    sent(service, date(2026, 4, 2), "letter", count=2, cost=Decimal("1.54"))
    year = year_usage(service, 2026)
    assert (year.emails, year.letters, year.letter_cost, year.cost) == (5, 2, Decimal("1.54"), Decimal("1.54"))


@time_machine.travel("2026-11-23 12:00:00Z")
def test_agreed_allowance_carries_over_into_later_years(service):
    AllowanceFactory(service=service, year=2025, free_sms_fragments=77)
    assert [year_usage(service, year).allowance for year in (2024, 2025, 2026)] == [10_000, 77, 77]
