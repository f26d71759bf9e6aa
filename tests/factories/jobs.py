"""Spreadsheets and contact lists."""

import factory

from messaging.jobs.enums import JobState
from messaging.jobs.models import ContactList, Job
from notify.lib.ids import uuid7
from notify.lib.sealed_files import seal
from tests.factories.message_templates import TemplateFactory
from tests.factories.services import LiveServiceFactory


class ContactListFactory(factory.django.DjangoModelFactory):
    """A list of one number."""

    class Meta:
        model = ContactList

    service = factory.SubFactory(LiveServiceFactory)
    name = factory.Sequence(lambda n: f"List {n}.csv")
    channel = "sms"
    row_count = 1
    file = factory.LazyFunction(lambda: seal("contact-lists", str(uuid7()), b"phone number\n07700900123\n"))


class JobFactory(factory.django.DjangoModelFactory):
    """A spreadsheet of one row that was checked and may be sent."""

    class Meta:
        model = Job

    service = factory.SelfAttribute("template.service")
    template = factory.SubFactory(TemplateFactory)
    template_version = factory.SelfAttribute("template.version")
    original_file_name = "people.csv"
    file = factory.LazyFunction(lambda: seal("jobs", str(uuid7()), b"phone number,name\n07700900123,Sam\n"))
    file_hash = factory.Sequence(lambda n: f"{n:064}")
    state = JobState.READY
    row_count = 1
    rows_checked = 1
