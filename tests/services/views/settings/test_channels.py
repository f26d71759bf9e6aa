"""What a service may send, and as whom."""

import pytest

from tests.factories.inbound import InboundNumberFactory
from tests.helpers.pages import text_of, url


@pytest.mark.parametrize(
    ("name", "data", "field", "value"),
    [
        ("email-sender-name", {"value": "Riverside"}, "email_sender_local_part", "riverside"),
        ("sms-prefix", {"on": "yes"}, "prefix_sms", True),
        ("international-limit", {"value": "7"}, "international_sms_limit_override", 7),
    ],
)
def test_settings_are_saved(name, data, field, value, service, browser):
    answer = browser.post(url(name, service), data)
    service.refresh_from_db()
    assert (answer.status_code, getattr(service, field)) == (302, value)


def test_receiving_starts_with_a_number_of_ones_own(service, browser):
    InboundNumberFactory(number="07700900501")
    page = url("receive-texts", service)
    assert "07700900501" not in text_of(browser.get(page))
    assert browser.post(page, {"confirm": "yes"}).headers["Location"] == page
    assert "07700900501" in text_of(browser.get(page))


def test_without_a_free_number_nothing_starts(service, browser):
    assert "No number is free at the moment" in text_of(browser.post(url("receive-texts", service), {"confirm": "yes"}))
    service.refresh_from_db()
    assert not service.has_permission("inbound_sms")
