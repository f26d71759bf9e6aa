"""The pages of settings: every row, what posting does, and what crafted posts get."""

import re

import pytest
from django.core import mail
from django.test import Client

from services.actions.reply_to_verification import token_for
from services.models import EmailReplyTo, SmsSender
from tests.factories.accounts import UserFactory
from tests.factories.services import WaitingReplyToFactory, join
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


@pytest.mark.parametrize(
    ("name", "more", "data", "field", "value"),
    [
        ("service-name", {}, {"name": "Waste"}, "name", "Waste"),
        ("contact-link", {}, {"value": "a@b.gov.uk", "in_emails": "on"}, "contact_link", "a@b.gov.uk"),
        ("email-sender-name", {}, {"value": "Riverside"}, "email_sender_local_part", "riverside"),
        ("sms-prefix", {}, {"on": "yes"}, "prefix_sms", True),
        ("templates-need-approval", {}, {"on": "yes"}, "templates_need_approval", True),
        ("billing", {}, {"billing_reference": "B1"}, "billing_reference", "B1"),
        ("international-limit", {}, {"value": "7"}, "international_sms_limit_override", 7),
        ("volumes", {}, {"email": "10"}, "volume_email", 10),
        ("confirm-unique", {}, {"name": "Bin collections"}, "confirmed_unique", True),
    ],
)
def test_settings_are_saved(name, more, data, field, value, service, browser):
    answer = browser.post(url(name, service, **more), data)
    service.refresh_from_db()
    assert (answer.status_code, getattr(service, field)) == (302, value)


@pytest.mark.parametrize("permission", ["sms_to_uk_landlines", "inbound_sms", "nonsense"])
def test_switches_outside_the_teams_hands_are_not_found(permission, service, browser):
    answer = browser.post(url("permission", service, permission=permission), {"on": "yes"})
    service.refresh_from_db()
    assert (answer.status_code, service.has_permission(permission)) == (404, False)


def test_switching_a_channel_off_and_what_email_needs_to_come_back(service, browser):
    browser.post(url("permission", service, permission="email"), {"on": "no"})
    page = browser.post(url("permission", service, permission="email"), {"on": "yes"})
    assert "Add a reply-to email address first" in text_of(page)


def test_limits_say_what_is_left_and_when_it_starts_again(service, client_for, member):
    page = text_of(client_for(member).get(url("limits", service)))
    assert "Your service is in trial mode, so these limits are low" in page
    assert "They start again" in page


def test_a_reply_to_address_is_confirmed_from_its_email(service, browser, client_for, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(url("reply-to-add", service), {"value": "team@department.gov.uk"})
    assert "Not confirmed" in text_of(browser.get(url("reply-to-list", service)))
    link = re.search(r"http\S+(/confirm-reply-to/\S+)", mail.outbox[0].body).group(1)
    anybody = client_for(None)
    assert "Should replies come here?" in text_of(anybody.get(link))
    assert EmailReplyTo.objects.get().is_waiting
    assert "The address is confirmed" in text_of(anybody.post(link))
    assert EmailReplyTo.objects.get().is_default


def test_another_services_sender_is_not_found(service, live_service, browser):
    other = SmsSender.objects.get(service=live_service)
    path = url("sms-sender-edit", service, sender_id=other.pk)
    assert browser.post(path, {"value": "Mine", "is_default": "on"}).status_code == 404
    other.refresh_from_db()
    assert other.name == "GOVUK"


def test_the_guest_list_keeps_what_was_typed_when_it_is_wrong(service, browser):
    page = browser.post(url("guest-list", service), {"email_1": "nobody", "phone_1": "07700900123"})
    assert "Enter an email address in the correct format" in text_of(page)
    assert 'value="07700900123"' in page.content.decode()


def test_links_of_addresses_that_changed_are_void(service, db):
    reply_to = WaitingReplyToFactory(service=service, email_address="a@b.gov.uk")
    token = token_for(reply_to, False)
    reply_to.email_address = "c@d.gov.uk"
    reply_to.save()
    assert Client().get(f"/confirm-reply-to/{token}").status_code == 404
