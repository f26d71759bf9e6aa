import pytest

from audit.models import AuditEvent
from messaging.message_templates.actions import templates
from messaging.message_templates.actions.templates import Words
from messaging.message_templates.models import MessageTemplate
from notify.lib.refusals import ActionRefused, PermissionRefused
from tests.factories.accounts import UserFactory
from tests.factories.message_templates import TemplateFactory, TemplateFolderFactory
from tests.factories.services import LiveServiceFactory, join

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    return LiveServiceFactory()


@pytest.fixture
def writer(service):
    return join(service, UserFactory(), "manage_templates")


def words(**fields):
    return Words(**({"name": "Reminder", "body": "Hi ((name))"} | fields))


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
