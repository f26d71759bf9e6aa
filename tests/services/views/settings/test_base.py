"""Switches of channels and permissions."""

import pytest

from tests.helpers.pages import text_of, url


@pytest.mark.parametrize("permission", ["sms_to_uk_landlines", "inbound_sms", "nonsense"])
def test_switches_outside_the_teams_hands_are_not_found(permission, service, browser):
    answer = browser.post(url("permission", service, permission=permission), {"on": "yes"})
    service.refresh_from_db()
    assert (answer.status_code, service.has_permission(permission)) == (404, False)


def test_switching_a_channel_off_and_what_email_needs_to_come_back(service, browser):
    browser.post(url("permission", service, permission="email"), {"on": "no"})
    page = browser.post(url("permission", service, permission="email"), {"on": "yes"})
    assert "Add a reply-to email address first" in text_of(page)


def test_a_switch_says_how_it_stands_and_what_it_means(service, browser):
    page = browser.get(url("permission", service, permission="international_sms"))
    assert "A text to another country counts as 1 to 4 texts" in text_of(page)
    assert page.context["form"].initial == {"on": "yes"}


def test_only_those_who_manage_the_service_switch(service, member, client_for):
    answer = client_for(member).post(url("permission", service, permission="letter"), {"on": "no"})
    service.refresh_from_db()
    assert (answer.status_code, service.has_permission("letter")) == (403, True)
