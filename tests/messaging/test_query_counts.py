"""Lists take as many queries for many rows as for one."""

from datetime import timedelta

import pytest
from django.urls import reverse

from messaging.jobs.enums import JobState
from messaging.notifications.rules.recipients import recipient_hash
from notify.lib import clock
from notify.lib.ids import uuid7
from tests.factories.accounts import UserFactory
from tests.factories.inbound import InboundNumberFactory, ReceivedTextFactory
from tests.factories.jobs import ContactListFactory, JobFactory
from tests.factories.letters import ReturnedLetterFactory
from tests.factories.message_templates import (
    TemplateAttachmentFactory,
    TemplateFactory,
    TemplateFolderFactory,
    TemplateVersionFactory,
)
from tests.factories.notifications import (
    DeliveryAttemptFactory,
    NotificationFactory,
    SuppressionFactory,
    UnsubscribeRequestFactory,
)
from tests.factories.sandbox import SandboxMessageFactory
from tests.factories.services import LiveServiceFactory, join
from tests.helpers.queries import at_one_and_three

PERSON = {"user_number": "447700900123", "user_hash": recipient_hash("+447700900123")}


@pytest.fixture
def service(db):
    service = LiveServiceFactory(permissions=["email", "sms", "letter", "inbound_sms", "send_files_via_ui"])
    InboundNumberFactory(service=service)
    return service


@pytest.fixture
def person(service):
    return join(service, UserFactory(), "view_activity", "send_messages", "manage_templates", "manage_service")


@pytest.fixture
def browser(person, client_for):
    return client_for(person)


def add_template(service):
    TemplateFactory(service=service, folder=TemplateFolderFactory(service=service))
    TemplateFactory(service=service, channel="email")


def add_message(service):
    NotificationFactory(template=TemplateFactory(service=service), created_by_id=UserFactory().pk)


def add_job(service):
    template = TemplateFactory(service=service)
    JobFactory(template=template, state=JobState.FINISHED, created_by=UserFactory(), finished_at=clock.now())
    JobFactory(template=template, state=JobState.SCHEDULED, scheduled_for=clock.now() + timedelta(hours=1))
    ContactListFactory(service=service, created_by=UserFactory())


def add_text(service):
    number = f"+4477009{ReceivedTextFactory._meta.next_sequence():05}"
    ReceivedTextFactory(service=service, user_number=number[1:], user_hash=recipient_hash(number))


def add_suppression(service):
    SuppressionFactory(service=service, created_by=UserFactory())


def add_wish(service):
    template = TemplateFactory(service=service, channel="email")
    UnsubscribeRequestFactory(service=service, template_id=template.pk)
    UnsubscribeRequestFactory(service=service, template_id=template.pk, processed_at=clock.now(), processed_by=UserFactory())


def add_returned(service):
    letter = NotificationFactory(template=TemplateFactory(service=service, channel="letter"), created_by_id=UserFactory().pk)
    ReturnedLetterFactory(service=service, notification_id=letter.pk)


LISTS = {
    "message_templates:template-list": add_template,
    "message_templates:template-copy": add_template,
    "notifications:notification-list": add_message,
    "jobs:upload-list": add_job,
    "inbound:inbox": add_text,
    "inbound:inbox-rows": add_text,
    "notifications:suppression-list": add_suppression,
    "notifications:unsubscribe-requests": add_wish,
    "letters:returned-letters": add_returned,
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_as_many_queries_for_three_rows_as_for_one(name, service, browser):
    one, three = at_one_and_three(browser, reverse(name, args=[service.pk]), lambda: LISTS[name](service))
    assert three == one


@pytest.mark.parametrize("channel", ["sms", "email", "letter"])
def test_messages_of_a_channel(channel, service, browser):
    address = reverse("notifications:notification-list-of", args=[service.pk, channel])
    one, three = at_one_and_three(
        browser, address, lambda: NotificationFactory(template=TemplateFactory(service=service, channel=channel))
    )
    assert three == one


def test_versions_of_a_template(service, browser):
    template = TemplateFactory(service=service)
    address = reverse("message_templates:template-versions", args=[service.pk, template.pk])
    one, three = at_one_and_three(browser, address, lambda: TemplateVersionFactory(template=template, created_by=UserFactory()))
    assert three == one


def test_files_of_a_template(service, browser):
    template = TemplateFactory(service=service, channel="email")
    names = iter(("a.csv", "b.csv", "c.csv"))
    address = reverse("message_templates:template-files", args=[service.pk, template.pk])
    one, three = at_one_and_three(browser, address, lambda: TemplateAttachmentFactory(template=template, filename=next(names)))
    assert three == one


def test_messages_of_a_job(service, browser):
    job = JobFactory(template=TemplateFactory(service=service), state=JobState.FINISHED, finished_at=clock.now())
    rows = iter(range(3))
    address = reverse("jobs:job-detail", args=[service.pk, job.pk])
    one, three = at_one_and_three(
        browser, address, lambda: NotificationFactory(template=job.template, job_id=job.pk, job_row=next(rows))
    )
    assert three == one


def test_jobs_of_a_contact_list(service, browser):
    kept = ContactListFactory(service=service)
    address = reverse("jobs:contact-list", args=[service.pk, kept.pk])
    one, three = at_one_and_three(
        browser, address, lambda: JobFactory(template=TemplateFactory(service=service), contact_list=kept)
    )
    assert three == one


def test_contact_lists_of_a_template(service, browser):
    template = TemplateFactory(service=service, words={"body": "We are closed"})
    address = reverse("jobs:contact-list-choose", args=[service.pk, template.pk])
    one, three = at_one_and_three(browser, address, lambda: ContactListFactory(service=service))
    assert three == one


@pytest.mark.parametrize("name", ["inbound:conversation", "inbound:conversation-lines"])
def test_lines_of_a_conversation(name, service, browser, settings):
    settings.CACHE_SECONDS = 60  # versions never change: each is looked up once
    text = ReceivedTextFactory(service=service, **PERSON)
    template = TemplateFactory(service=service)

    def say():
        ReceivedTextFactory(service=service, **PERSON)
        NotificationFactory(template=template, recipient_hash=PERSON["user_hash"])

    one, three = at_one_and_three(browser, reverse(name, args=[service.pk, text.pk]), say)
    assert three == one


def test_templates_to_reply_with(service, browser):
    text = ReceivedTextFactory(service=service, **PERSON)
    address = reverse("inbound:conversation-reply", args=[service.pk, text.pk])
    one, three = at_one_and_three(browser, address, lambda: TemplateFactory(service=service))
    assert three == one


def test_returned_letters_of_a_day(service, browser):
    add_returned(service)
    address = reverse("letters:returned-letters-day", args=[service.pk, clock.local_day().isoformat()])
    one, three = at_one_and_three(browser, address, lambda: add_returned(service))
    assert three == one


def test_tries_of_a_message(service, browser):
    message = NotificationFactory(template=TemplateFactory(service=service))
    numbers = iter(range(1, 4))
    address = reverse("notifications:notification-detail", args=[service.pk, message.pk])
    one, three = at_one_and_three(
        browser,
        address,
        lambda: DeliveryAttemptFactory(id=uuid7(), notification_id=message.pk, number=next(numbers)),
    )
    assert three == one


def test_messages_of_the_sandbox(browser):
    one, three = at_one_and_three(browser, reverse("sandbox:sandbox"), SandboxMessageFactory)
    assert three == one
