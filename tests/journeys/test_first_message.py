"""The story of a team: sign in, add a service, write a template, make a key, send with the official client, see it arrive."""

import re

import pytest
from notifications_python_client.notifications import NotificationsAPIClient

from messaging.notifications.actions.receipts import apply_due
from messaging.notifications.actions.statistics import roll_up_deltas
from messaging.notifications.models import Notification
from messaging.providers.models import ReceiptInbox
from messaging.sandbox.models import SandboxMessage
from notify.lib import clock
from services.models import Service
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "correct horse battery staple"


@pytest.fixture
def morgan():
    person = UserFactory(name="Morgan Hale", email="morgan@department.gov.uk", mobile_number="+447700900401")
    person.mobile_verified = True
    person.set_password(PASSWORD)
    person.save()
    person.emailaddress_set.get_or_create(email=person.email, defaults={"verified": True, "primary": True})
    return person


def sign_in(page, person):
    page.goto("/sign-in")
    page.get_by_label("Email address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    code = re.search(r"\b(\d{5,6})\b", SandboxMessage.objects.order_by("-id").first().text)[1]
    page.locator("input[name=code]").fill(code)
    page.get_by_role("button", name="Continue").click()


def add_service(page, name):
    page.get_by_role("button", name=re.compile("Add a (new )?service")).click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Service name").fill(name)
    page.get_by_label("Local government").check()
    page.get_by_role("button", name="Add service").click()
    return Service.objects.get(name=name)


def write_text_template(page, service, name, body):
    page.goto(f"/services/{service.pk}/templates")
    page.get_by_role("button", name="New template").click()
    page.get_by_label("Text message template").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Template name").fill(name)
    page.get_by_label("Message", exact=True).fill(body)
    page.get_by_text("text message (").wait_for()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("heading", name=name).wait_for()


def create_key(page, service, kind):
    page.goto(f"/services/{service.pk}/api/keys/create")
    page.get_by_label("Name for this key").fill("Case system")
    page.get_by_label(kind, exact=True).check()
    page.get_by_role("button", name="Continue").click()
    return page.locator("#api-key").inner_text()


def test_team_goes_from_signing_in_to_a_delivered_message(page, live_server, morgan):
    sign_in(page, morgan)
    service = add_service(page, "Bin collections")
    page.goto(f"/services/{service.pk}")
    page.get_by_text("Trial mode").first.wait_for()

    write_text_template(page, service, "Reminder", "Hi ((name)), your bin is collected on ((day)).")
    template = service.templates.get(name="Reminder")
    client = NotificationsAPIClient(create_key(page, service, "Team and guest list"), base_url=live_server.url)
    sent = client.send_sms_notification("07700900401", str(template.pk), {"name": "Morgan", "day": "Friday"}, "ref-1")
    assert sent["content"]["body"] == "Hi Morgan, your bin is collected on Friday."

    ReceiptInbox.objects.update(next_attempt_at=clock.now())
    apply_due()
    roll_up_deltas()
    assert client.get_notification_by_id(sent["id"])["status"] == "delivered"

    page.goto(f"/services/{service.pk}")
    page.get_by_text("1 delivered").wait_for()
    page.goto(f"/services/{service.pk}/notifications")
    page.get_by_role("link", name="07700900401").click()
    page.get_by_role("heading", name="Delivered").wait_for()
    page.goto("/sandbox")
    page.get_by_text("Hi Morgan, your bin is collected on Friday.").first.wait_for()


def test_one_message_is_looked_at_before_it_is_sent_and_works_without_scripts(browser, live_server, morgan):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, viewport={"width": 375, "height": 800})
    page = context.new_page()
    sign_in(page, morgan)
    service = add_service(page, "Library reminders")
    page.goto(f"/services/{service.pk}/templates/add-sms")
    page.get_by_label("Template name").fill("Due back")
    page.get_by_label("Message", exact=True).fill("((book)) is due back")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Send a message").click()
    page.get_by_role("link", name="Send it to yourself").click()
    page.get_by_label("book").fill("Emma")
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("Emma is due back").wait_for()
    assert Notification.objects.count() == 0
    page.get_by_role("button", name="Send 1 text message").click()
    page.get_by_role("heading", name="Due back").wait_for()
    assert Notification.objects.count() == 1
    context.close()
