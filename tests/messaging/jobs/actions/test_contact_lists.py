"""Contact lists: kept, used and deleted."""

from unittest.mock import ANY

import pytest
from django.core.files.storage import default_storage

from messaging.jobs.actions import contact_lists
from messaging.jobs.models import ContactList
from notify.lib import clock, sealed_files
from notify.lib.refusals import ActionRefused
from tests.factories.jobs import ContactListFactory
from tests.factories.message_templates import TemplateFactory
from tests.helpers.cast import TEAM, LiveServiceCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db
DATA = b"phone number\n07700900123\n07700900124\n"
COLUMNS = "Your file needs one column, called ‘email address’ or ‘phone number’"


@pytest.mark.parametrize(("data", "channel", "count"), [(DATA, "sms", 2), (b"Email Address\nsam@example.com\n", "email", 1)])
def test_the_column_says_the_channel(data, channel, count, service, manager):
    saved = contact_lists.save_contact_list(service, data=data, filename="staff.csv", by=manager)
    assert (saved.name, saved.channel, saved.row_count, saved.created_by) == ("staff.csv", channel, count, manager)
    assert sealed_files.unseal(saved.file.name) == data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"phone number,name\n07700900123,Sam\n", COLUMNS),
        (b"colour\nred\n", COLUMNS),
        (b"", "The file is empty"),
        (b"phone number\n123\n", "Fix your file and upload it again: row 2: "),
        (b"phone number\n", "Your file has no rows, or too many of them"),
    ],
)
def test_every_row_of_one_column_must_be_right(data, message, service, manager):
    with pytest.raises(ActionRefused) as refused:
        contact_lists.save_contact_list(service, data=data, filename="staff.csv", by=manager)
    assert str(refused.value).startswith(message)
    assert not ContactList.objects.exists()


def test_a_used_list_becomes_a_spreadsheet_of_the_same_rows(live_service, staff):
    kept, template = ContactListFactory(service=live_service), TemplateFactory(service=live_service)
    job = contact_lists.use_contact_list(kept, template=template, by=staff)
    assert (job.contact_list, job.original_file_name, job.template) == (kept, kept.name, template)
    assert sealed_files.unseal(job.file.name) == sealed_files.unseal(kept.file.name)


def test_a_list_is_used_with_a_template_of_its_channel_and_service(live_service, staff):
    kept = ContactListFactory(service=live_service)
    for template in (TemplateFactory(service=live_service, channel="email"), TemplateFactory()):
        with pytest.raises(ActionRefused, match="cannot be used with this template"):
            contact_lists.use_contact_list(kept, template=template, by=staff)


def test_a_deleted_list_goes_from_storage_too(service, manager, django_capture_on_commit_callbacks):
    kept = ContactListFactory(service=service)
    name = kept.file.name
    with django_capture_on_commit_callbacks(execute=True):
        contact_lists.delete_contact_list(kept, by=manager)
    assert not default_storage.exists(name)


# --- Who may, and what is written ---------------------------------------------------------------------------------
def saving(cast, **fields):
    return call(cast.service, **({"data": DATA, "filename": "staff.csv"} | fields))


def using(cast, channel="sms", **fields):
    template = TemplateFactory(service=cast.service, channel=channel)
    return call(ContactListFactory(service=cast.service, **fields), template=template)


NOT_USABLE = "This list cannot be used with this template"
# Only people keep and use lists, which name the person.
PEOPLE, NEVER = ("manager", "staff", "superuser"), ("key", "system")
VERBS = [
    Verb(
        contact_lists.save_contact_list,
        saving,
        PEOPLE,
        {"+ContactList": 1, "history": ["contact_list.saved"]},
        left_out=NEVER,
        refused={
            COLUMNS: lambda cast: saving(cast, data=b"a,b\n1,2\n"),
            "The file must be smaller than 10MB": lambda cast: saving(cast, data=b"x" * (10 * 1024 * 1024 + 1)),
        },
    ),
    Verb(
        contact_lists.use_contact_list,
        using,
        PEOPLE,
        {"+Job": 1},
        left_out=NEVER,
        refused={NOT_USABLE: lambda cast: using(cast, archived_at=clock.now())},
    ),
    Verb(
        contact_lists.delete_contact_list,
        lambda cast: call(ContactListFactory(service=cast.service)),
        # A key may with the scope of templates, too.
        (*TEAM, "key_without_scope"),
        {"ContactList.archived_at": ANY, "ContactList.file": "", "history": ["contact_list.deleted"]},
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(LiveServiceCast, VERBS)
