"""How long messages are kept."""

import pytest

from services.permissions import MANAGE_SERVICE
from services.rules import retention_days
from tests.factories.accounts import UserFactory
from tests.factories.services import join
from tests.helpers.pages import text_of, url


@pytest.mark.parametrize("channel", ["email", "sms", "letter"])
def test_each_channel_has_its_own_time(channel, live_service, client_for):
    browser = client_for(join(live_service, UserFactory(), MANAGE_SERVICE))
    answer = browser.post(url("retention", live_service, channel=channel), {"days": "30"})
    assert answer.headers["Location"] == url("retention-list", live_service)
    live_service.refresh_from_db()
    kept = {each: retention_days(live_service, each) for each in ("email", "sms", "letter")}
    assert kept == dict.fromkeys(kept, 7) | {channel: 30}
    assert text_of(browser.get(url("retention-list", live_service))).count("30 days") == 1


def test_a_service_in_trial_mode_has_to_wait(service, browser):
    page = browser.post(url("retention", service, channel="sms"), {"days": "30"})
    assert "You can change this once your service is live" in text_of(page)


@pytest.mark.parametrize("days", ["", "2", "91", "x"])
def test_times_out_of_range_are_refused_beside_the_field(days, service, browser):
    page = browser.post(url("retention", service, channel="sms"), {"days": days})
    service.refresh_from_db()
    assert "There is a problem" in text_of(page)
    assert retention_days(service, "sms") == 7


def test_another_channel_is_not_found(service, browser):
    assert browser.get(url("retention", service, channel="fax")).status_code == 404
