"""Templates: words, versions, drafts and the end of one."""

from datetime import timedelta
from unittest.mock import ANY

import pytest

from audit.models import AuditEvent
from messaging.message_templates.actions import templates
from messaging.message_templates.actions.templates import TemplateContent
from messaging.message_templates.models import MessageTemplate
from notify.lib import clock
from notify.lib.refusals import ActionRefused, PermissionRefused
from tests.factories.accounts import UserFactory
from tests.factories.message_templates import (
    TemplateDraftFactory,
    TemplateFactory,
    TemplateFolderFactory,
    TemplateVersionFactory,
)
from tests.factories.notifications import StatDayFactory
from tests.factories.services import LetterContactFactory, LiveServiceFactory, join
from tests.helpers.cast import TEAM, ServiceCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    return LiveServiceFactory()


@pytest.fixture
def writer(service):
    return join(service, UserFactory(), "manage_templates")


def words(**fields):
    return TemplateContent(**({"name": "Reminder", "body": "Hi ((name))"} | fields))


def test_new_template_has_one_version_and_a_slug_of_its_own(service, writer):
    first = templates.create_template(service, channel="sms", words=words(), by=writer)
    second = templates.create_template(service, channel="sms", words=words(), by=writer)
    assert (first.slug, second.slug, first.version) == ("reminder", "reminder-2", 1)
    assert first.versions.get().created_by == writer
    assert AuditEvent.objects.filter(name="template.created").count() == 2


@pytest.mark.parametrize(
    ("channel", "fields", "wrong"),
    [
        ("sms", {"name": " "}, ["name"]),
        ("sms", {"body": ""}, ["body"]),
        ("email", {"subject": ""}, ["subject"]),
        ("sms", {"has_unsubscribe_link": True}, ["has_unsubscribe_link"]),
    ],
)
def test_words_that_cannot_be_sent_are_refused_beside_their_field(service, writer, channel, fields, wrong):
    with pytest.raises(ActionRefused) as refused:
        templates.create_template(service, channel=channel, words=words(**fields), by=writer)
    assert [reason.field for reason in refused.value.reasons] == wrong
    assert MessageTemplate.objects.count() == 0


def test_channel_the_service_does_not_have_is_refused(service, writer):
    service.permissions = ["email"]
    service.save()
    with pytest.raises(ActionRefused):
        templates.create_template(service, channel="sms", words=words(), by=writer)


def test_folder_of_another_service_is_refused(service, writer):
    with pytest.raises(ActionRefused):
        templates.create_template(service, channel="sms", words=words(), by=writer, folder=TemplateFolderFactory())


def test_member_without_the_right_cannot_write(service):
    looker = join(service, UserFactory(), "view_activity")
    with pytest.raises(PermissionRefused):
        templates.create_template(service, channel="sms", words=words(), by=looker)


def test_editing_makes_a_version_and_saying_the_same_again_does_not(service, writer):
    template = templates.create_template(service, channel="sms", words=words(), by=writer)
    templates.edit_template(template, words=words(body="Hello ((name))"), by=writer)
    templates.edit_template(template, words=words(body="Hello ((name))"), by=writer)
    assert list(template.versions.order_by("number").values_list("number", "body")) == [
        (1, "Hi ((name))"),
        (2, "Hello ((name))"),
    ]
    assert MessageTemplate.objects.get().version == 2


def test_restoring_makes_the_old_words_the_latest_version(service, writer):
    template = templates.create_template(service, channel="sms", words=words(), by=writer)
    templates.edit_template(template, words=words(body="New"), by=writer)
    templates.restore_version(template, number=1, by=writer)
    latest = MessageTemplate.objects.get().versions.get(number=3)
    assert latest.body == "Hi ((name))"


def test_draft_is_not_sent_until_it_is_published(service, writer):
    template = templates.create_template(service, channel="sms", words=words(), by=writer)
    templates.save_draft(template, words=words(body="Draft"), by=writer)
    assert MessageTemplate.objects.get().version == 1
    templates.publish_draft(template, by=writer)
    template = MessageTemplate.objects.get()
    assert (template.version, template.versions.get(number=2).body) == (2, "Draft")
    with pytest.raises(ActionRefused):
        templates.publish_draft(template, by=writer)


def test_where_four_eyes_are_wanted_the_author_cannot_publish(service, writer):
    service.templates_need_approval = True
    service.save()
    second = join(service, UserFactory(), "manage_templates")
    template = templates.create_template(service, channel="sms", words=words(), by=writer)
    templates.save_draft(template, words=words(body="Draft"), by=writer)
    with pytest.raises(ActionRefused):
        templates.publish_draft(template, by=writer)
    templates.publish_draft(template, by=second)
    assert MessageTemplate.objects.get().version == 2


def test_deleted_template_frees_its_slug_and_cannot_be_changed(service, writer):
    template = templates.create_template(service, channel="sms", words=words(), by=writer)
    templates.archive_template(template, by=writer)
    assert templates.create_template(service, channel="sms", words=words(), by=writer).slug == "reminder"
    with pytest.raises(ActionRefused):
        templates.edit_template(template, words=words(body="New"), by=writer)


def test_copy_into_another_service_needs_the_right_there(service, writer):
    other = LiveServiceFactory()
    template = TemplateFactory(service=service, name="Reminder")
    with pytest.raises(PermissionRefused):
        templates.copy_template(template, into=other, by=writer)
    join(other, writer, "manage_templates")
    copy = templates.copy_template(template, into=other, by=writer)
    assert (copy.service, copy.name) == (other, "Copy of ‘Reminder’")


def test_a_letter_shows_the_address_that_was_chosen_and_not_another_services(service):
    theirs, ours = LetterContactFactory(), LetterContactFactory(service=service)
    with pytest.raises(ActionRefused) as refused:
        templates.check_words(service, "letter", words(subject="Hello", letter_contact=theirs))
    assert [reason.field for reason in refused.value.reasons] == ["letter_contact"]
    templates.check_words(service, "letter", words(subject="Hello", letter_contact=ours))
    content = templates.content_from("letter", words(subject="Hello", letter_contact=ours))
    assert (content.body, content.subject, content.contact_block) == ("Hi ((name))", "Hello", ours.block)


@pytest.mark.parametrize("fields", [{"is_hidden": True}, {"archived_at": "2026-01-01T00:00:00Z"}])
def test_hidden_and_deleted_templates_are_not_locked(fields):
    with pytest.raises(ActionRefused, match="has been deleted"):
        templates.lock_template(TemplateFactory(**fields))


def test_a_lock_gives_the_template_fresh(service):
    template = TemplateFactory(service=service)
    MessageTemplate.objects.filter(pk=template.pk).update(version=7)
    assert templates.lock_template(template).version == 7


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ([], "It has not been used within the last year"),
        ([0], "It was last used today"),
        ([9, 1], "It was last used 1 day ago"),
        ([3], "It was last used 3 days ago"),
    ],
)
def test_a_page_says_when_a_template_was_last_used(days, told):
    template = TemplateFactory()
    for each in days:
        StatDayFactory(template_id=template.pk, service_id=template.service_id, day=clock.local_day() - timedelta(days=each))
    assert templates.last_used_message(template) == told


# --- Who may, and what is written ---------------------------------------------------------------------------------
def template_of(cast, **fields):
    return TemplateFactory(service=cast.service, name="Reminder", **fields)


def with_draft(cast, **fields):
    return TemplateDraftFactory(template=template_of(cast), name="Reminder", **fields).template


def with_two_versions(cast):
    template = template_of(cast, version=2)
    TemplateVersionFactory(template=template, body="New")
    return template


def four_eyes(cast):
    """A draft of the person who is to publish it."""
    cast.service.templates_need_approval = True
    cast.service.save()
    return with_draft(cast, created_by=cast.manager)


PUBLISHED = {
    "+TemplateVersion": 1,
    "MessageTemplate.updated_at": ANY,
    "MessageTemplate.version": 2,
}
NO_DRAFT, GONE = "There is no draft of this template", "This template has been deleted"


def gone(cast):
    return template_of(cast, archived_at=clock.now())


# A key may with the scope of templates, too.
WRITERS = (*TEAM, "key_without_scope")
VERBS = [
    Verb(
        templates.create_template,
        lambda cast: call(cast.service, channel="sms", words=words()),
        WRITERS,
        {"+MessageTemplate": 1, "+TemplateVersion": 1, "history": ["template.created"]},
        refused={
            "Enter a template name": lambda cast: call(cast.service, channel="sms", words=words(name=" ")),
            "Choose a folder of this service": lambda cast: call(
                cast.service, channel="sms", words=words(), folder=TemplateFolderFactory()
            ),
            "Another template of your service uses this short name": lambda cast: call(
                cast.service, channel="sms", words=words(), slug=template_of(cast).slug
            ),
        },
    ),
    Verb(
        templates.edit_template,
        lambda cast: call(template_of(cast), words=words(body="New")),
        WRITERS,
        PUBLISHED | {"history": ["template.changed"]},
        refused={
            "Enter a template name": lambda cast: call(template_of(cast), words=words(name=" ")),
            GONE: lambda cast: call(gone(cast), words=words()),
        },
    ),
    Verb(
        templates.restore_version,
        lambda cast: call(with_two_versions(cast), number=1),
        WRITERS,
        PUBLISHED | {"MessageTemplate.version": 3, "history": ["template.restored"]},
        refused={"This version does not exist": lambda cast: call(template_of(cast), number=9)},
    ),
    Verb(
        templates.save_draft,
        lambda cast: call(template_of(cast), words=words(body="Draft")),
        WRITERS,
        {"+TemplateDraft": 1, "history": ["template.draft_saved"]},
        refused={"Enter a template name": lambda cast: call(template_of(cast), words=words(name=" "))},
    ),
    Verb(
        templates.ask_for_approval,
        lambda cast: call(with_draft(cast)),
        WRITERS,
        {"TemplateDraft.approval_asked_at": ANY, "TemplateDraft.updated_at": ANY, "history": ["template.approval_asked"]},
        refused={NO_DRAFT: lambda cast: call(template_of(cast))},
    ),
    Verb(
        templates.publish_draft,
        lambda cast: call(with_draft(cast)),
        WRITERS,
        PUBLISHED | {"-TemplateDraft": 1, "history": ["template.published"]},
        refused={
            NO_DRAFT: lambda cast: call(template_of(cast)),
            "Somebody else on your team has to publish what you wrote": lambda cast: call(four_eyes(cast)),
        },
    ),
    Verb(
        templates.discard_draft,
        lambda cast: call(with_draft(cast)),
        WRITERS,
        {"-TemplateDraft": 1, "history": ["template.draft_discarded"]},
        refused={NO_DRAFT: lambda cast: call(template_of(cast))},
    ),
    Verb(
        templates.archive_template,
        lambda cast: call(template_of(cast, folder=TemplateFolderFactory(service=cast.service))),
        WRITERS,
        {"MessageTemplate.archived_at": ANY, "MessageTemplate.folder_id": None, "history": ["template.archived"]},
        refused={GONE: lambda cast: call(gone(cast))},
    ),
    Verb(
        templates.redact_template,
        lambda cast: call(template_of(cast)),
        WRITERS,
        {"MessageTemplate.redacts_personalisation": True, "history": ["template.redacted"]},
        refused={GONE: lambda cast: call(gone(cast))},
    ),
    Verb(
        templates.set_urgent,
        lambda cast: call(template_of(cast), on=True),
        WRITERS,
        {"MessageTemplate.is_urgent": True, "history": ["template.priority_changed"]},
        refused={GONE: lambda cast: call(gone(cast), on=True)},
    ),
    Verb(
        templates.copy_template,
        lambda cast: call(TemplateFactory(), into=cast.service),
        WRITERS,
        {"+MessageTemplate": 1, "+TemplateVersion": 1, "history": ["template.created", "template.copied"]},
        refused={
            "Choose a folder of this service": lambda cast: call(
                TemplateFactory(), into=cast.service, folder=TemplateFolderFactory()
            )
        },
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(ServiceCast, VERBS)
