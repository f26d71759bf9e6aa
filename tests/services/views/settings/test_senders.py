"""Senders: added, confirmed, changed, and only one's own."""

import re

import pytest
from django.core import mail
from django.test import Client

from services.actions.reply_to_verification import token_for
from services.models import EmailReplyTo, SmsSender
from tests.factories.accounts import UserFactory
from tests.factories.services import SmsSenderFactory, WaitingReplyToFactory, join
from tests.helpers.pages import text_of, url


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


def test_links_of_addresses_that_changed_are_void(service, db):
    reply_to = WaitingReplyToFactory(service=service, email_address="a@b.gov.uk")
    token = token_for(reply_to, False)
    reply_to.email_address = "c@d.gov.uk"
    reply_to.save()
    assert Client().get(f"/confirm-reply-to/{token}").status_code == 404


@pytest.mark.parametrize(("kind", "value"), [("sms-sender", "BINS"), ("letter-contact", "1 High Street\nTown\nSW1A 1AA")])
def test_a_sender_is_added_changed_and_removed(kind, value, service, browser):
    listed = url(f"{kind}-list", service)
    assert browser.post(url(f"{kind}-add", service), {"value": value}).headers["Location"] == listed
    sender = next(each["sender"] for each in browser.get(listed).context["senders"] if str(each["sender"]) != "GOVUK")
    assert browser.get(url(f"{kind}-edit", service, sender_id=sender.pk)).context["form"].initial["value"] == value
    browser.post(url(f"{kind}-edit", service, sender_id=sender.pk), {"value": value, "is_default": "on"})
    sender.refresh_from_db()
    assert sender.is_default


def test_a_sender_that_is_not_the_default_is_removed(service, browser):
    sender = SmsSenderFactory(service=service)
    page = url("sms-sender-remove", service, sender_id=sender.pk)
    assert "remove ‘BINS’" in text_of(browser.get(page))
    browser.post(page, {"confirm": "yes"})
    assert list(SmsSender.objects.filter(archived_at=None).values_list("name", flat=True)) == ["GOVUK"]
    assert browser.get(page).status_code == 404


def test_those_with_the_api_alone_see_ids_and_change_nothing(service, client_for):
    client = client_for(join(service, UserFactory(), "manage_api_keys"))
    sender = SmsSenderFactory(service=service)
    assert str(sender.pk) in client.get(url("sms-sender-list", service)).content.decode()
    assert client.get(url("sms-sender-edit", service, sender_id=sender.pk)).status_code == 403
