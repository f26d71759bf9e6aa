"""All settings on one page."""

from tests.factories.accounts import UserFactory
from tests.factories.services import SmsSenderFactory, join
from tests.helpers.pages import text_of, url


def test_every_row_of_the_settings_page(service, browser):
    page = text_of(browser.get(url("settings", service)))
    rows = [
        "Service name", "Contact link", "Sign in with an email link", "Choose who sees which folder",
        "A second person publishes templates", "Message limits", "Data retention", "Billing details", "Organisation",
        "API requests a minute", "Send emails", "Sender name and address", "Reply-to addresses", "Email branding",
        "Upload and send files and letters", "Send text messages", "Text message senders",
        "Start text messages with service name", "Send text messages to international numbers",
        "International text message limit", "Receive text message replies", "Send text messages to UK landlines",
        "Free text messages", "Send letters", "Send letters internationally", "Sender addresses", "Letter branding",
    ]  # fmt: skip
    assert [row for row in rows if row not in page] == []


def test_people_who_only_manage_the_api_look_and_cannot_change(service, client_for):
    person = join(service, UserFactory(), "manage_api_keys")
    page = client_for(person).get(url("settings", service)).content.decode()
    assert url("reply-to-list", service) in page
    assert url("service-name", service) not in page


def test_a_row_says_what_is_set(service, browser):
    SmsSenderFactory(service=service, name="BINS")
    page = text_of(browser.get(url("settings", service)))
    assert "GOVUK BINS" in page
    assert "Not set" in page


def test_people_who_may_only_look_have_no_settings(service, member, client_for):
    assert client_for(member).get(url("settings", service)).status_code == 403
