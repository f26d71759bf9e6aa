"""Files of email templates: added, changed, used, removed, and forgotten in the end."""

from datetime import timedelta
from functools import cached_property
from unittest.mock import ANY

import pytest
from django.core.files.storage import default_storage

from messaging.message_templates.actions import attachments
from messaging.message_templates.models import TemplateAttachment
from messaging.message_templates.queries.attachments import KEPT_AFTER_REMOVAL
from notify.lib import clock, sealed_files
from tests.factories.message_templates import TemplateAttachmentFactory, TemplateFactory
from tests.factories.notifications import DocumentFactory
from tests.factories.services import ServiceFactory
from tests.helpers.cast import TEAM, ServiceCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 and so on"


def test_removed_files_go_when_no_link_to_them_works_any_more():
    long_ago = clock.now() - KEPT_AFTER_REMOVAL - timedelta(days=1)
    in_use, removed_now = TemplateAttachmentFactory(), TemplateAttachmentFactory(archived_at=clock.now())
    gone, linked = (TemplateAttachmentFactory(archived_at=long_ago) for _ in range(2))
    DocumentFactory(template_file=linked)
    assert attachments.purge_removed() == 1
    assert set(TemplateAttachment.objects.all()) == {in_use, removed_now, linked}
    assert not default_storage.exists(gone.file.name)
    assert default_storage.exists(in_use.file.name)


def test_a_file_that_the_message_names_already_is_not_named_twice(service, manager):
    file = TemplateAttachmentFactory(
        template=TemplateFactory(service=service, channel="email", words={"body": "See ((leaflet.csv))"})
    )
    attachments.use_file(file, by=manager)
    assert file.template.versions.count() == 1


def test_a_file_is_kept_sealed(service, manager):
    service.contact_link = "https://example.gov.uk"
    service.save()
    template = TemplateFactory(service=service, channel="email")
    file = attachments.attach_file(template, filename="a/leaflet.pdf", content=PDF, by=manager)
    assert (file.filename, file.mime_type, file.created_by) == ("leaflet.pdf", "application/pdf", manager)
    assert sealed_files.unseal(file.file.name) == PDF
    with default_storage.open(file.file.name) as stored:
        assert PDF not in stored.read()


def test_a_file_that_the_message_does_not_name_is_removed_without_a_new_version(service, manager):
    service.templates_need_approval = True
    service.save()
    file = TemplateAttachmentFactory(template=TemplateFactory(service=service, channel="email"))
    attachments.remove_file(file, by=manager)
    assert (TemplateAttachment.objects.get().archived_at is None, file.template.versions.count()) == (False, 1)


# --- Who may, and what is written ---------------------------------------------------------------------------------
class FilesCast(ServiceCast):
    """A service that may send files."""

    @cached_property
    def service(self):
        return ServiceFactory(name="Bin collections", organisation=self.organisation, contact_link="https://example.gov.uk")


def template_of(service, **fields):
    return TemplateFactory(service=service, channel="email", name="Reminder", **fields)


def adding(cast, **fields):
    return call(template_of(cast.service), **({"filename": "leaflet.pdf", "content": PDF} | fields))


def without_files(cast):
    given = adding(cast)
    cast.service.permissions = ["email"]
    cast.service.save()
    return given


def file_of(cast, *, body="Hi ((name))", four_eyes=False, **fields):
    cast.service.templates_need_approval = four_eyes
    cast.service.save()
    return TemplateAttachmentFactory(template=template_of(cast.service, words={"body": body}), **fields)


def changing(cast, **fields):
    words = {"link_text": "Read it", "retention_weeks": 4, "confirm_email": False}
    return call(file_of(cast), **(words | fields))


def removed(cast):
    return file_of(cast, archived_at=clock.now())


REMOVED = "This file has been removed"
NAMED = "See ((leaflet.csv))\n\nHi"
PUBLISHED = {"+TemplateVersion": 1, "MessageTemplate.updated_at": ANY, "MessageTemplate.version": 2}
# A key may with the scope of templates, too.
WRITERS = (*TEAM, "key_without_scope")
VERBS = [
    Verb(
        attachments.attach_file,
        adding,
        WRITERS,
        {"+TemplateAttachment": 1, "history": ["template.file_attached"]},
        refused={
            "Only emails can have files": lambda cast: call(
                TemplateFactory(service=cast.service), filename="leaflet.pdf", content=PDF
            ),
            "Add contact details first: the download page says whom to ask about the file": lambda cast: call(
                template_of(ServiceFactory()),
                filename="leaflet.pdf",
                content=PDF,
                by=cast.staff,
            ),
            "Your service cannot send files. You can change this in settings": without_files,
            "The file is empty": lambda cast: adding(cast, content=b""),
            "The file’s name ends in .pdf, but it is something else": lambda cast: adding(cast, content=b"a,b"),
            "The file must be smaller than 2 MB": lambda cast: adding(cast, content=PDF + b"x" * 2 * 1024 * 1024),
            "The file’s name cannot have brackets, commas or question marks": lambda cast: adding(cast, filename="a?.pdf"),
        },
    ),
    Verb(
        attachments.change_file,
        changing,
        WRITERS,
        {
            "TemplateAttachment.confirm_email": False,
            "TemplateAttachment.link_text": "Read it",
            "TemplateAttachment.retention_weeks": 4,
            "history": ["template.file_changed"],
        },
        refused={
            "The link text cannot have brackets": lambda cast: changing(cast, link_text="Read (it)"),
            "Enter a whole number between 1 and 78": lambda cast: changing(cast, retention_weeks=79),
            REMOVED: lambda cast: call(removed(cast), link_text="", retention_weeks=4, confirm_email=False),
        },
    ),
    Verb(
        attachments.use_file,
        lambda cast: call(file_of(cast)),
        WRITERS,
        PUBLISHED | {"history": ["template.changed"]},
        refused={
            REMOVED: lambda cast: call(removed(cast)),
            "Write ((leaflet.csv)) into a draft of the template: somebody else has to publish it": lambda cast: call(
                file_of(cast, four_eyes=True)
            ),
        },
    ),
    Verb(
        attachments.remove_file,
        lambda cast: call(file_of(cast, body=NAMED)),
        WRITERS,
        PUBLISHED | {"TemplateAttachment.archived_at": ANY, "history": ["template.changed", "template.file_removed"]},
        refused={
            REMOVED: lambda cast: call(removed(cast)),
            "Take ((leaflet.csv)) out of the message first: somebody else has to publish that": lambda cast: call(
                file_of(cast, body=NAMED, four_eyes=True)
            ),
        },
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(FilesCast, VERBS)
