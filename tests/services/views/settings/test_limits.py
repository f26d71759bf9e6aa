"""How much may be sent."""

from notify.lib import clock
from tests.factories.notifications import UsageCounterFactory
from tests.helpers.pages import text_of, url


def test_limits_say_what_is_left_and_when_it_starts_again(service, client_for, member):
    page = text_of(client_for(member).get(url("limits", service)))
    assert "Your service is in trial mode, so these limits are low" in page
    assert "They start again" in page


def test_what_was_sent_today_is_taken_off(live_service, staff, client_for):
    UsageCounterFactory(service_id=live_service.pk, channel="sms", day=clock.utc_day(), used=7)
    limits = client_for(staff).get(url("limits", live_service)).context["limits"]
    told = {each["label"]: each["limit"] - each["left"] for each in limits}
    assert told == {"Emails": 0, "Text messages": 7, "Letters": 0, "Text messages to other countries": 0}
