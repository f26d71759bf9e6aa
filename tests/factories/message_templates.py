"""Templates, their versions, drafts and files, and folders."""

from typing import Any

import factory
from django.utils.text import slugify

from messaging.message_templates.models import (
    FolderAccess,
    MessageTemplate,
    TemplateAttachment,
    TemplateDraft,
    TemplateFolder,
    TemplateVersion,
)
from notify.lib.ids import uuid7
from notify.lib.sealed_files import seal
from tests.factories.services import LiveServiceFactory, MembershipFactory


class TemplateFolderFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TemplateFolder

    service = factory.SubFactory(LiveServiceFactory)
    name = factory.Sequence(lambda n: f"Folder {n}")


class FolderAccessFactory(factory.django.DjangoModelFactory):
    """A folder that a member without access to all folders may open."""

    class Meta:
        model = FolderAccess

    folder = factory.SubFactory(TemplateFolderFactory)
    membership = factory.SubFactory(
        MembershipFactory, service=factory.SelfAttribute("..folder.service"), sees_all_folders=False
    )


class TemplateFactory(factory.django.DjangoModelFactory):
    """A text message template with one version."""

    class Meta:
        model = MessageTemplate
        skip_postgeneration_save = True

    service = factory.SubFactory(LiveServiceFactory)
    channel = "sms"
    name = factory.Sequence(lambda n: f"Template {n}")
    slug = factory.LazyAttribute(lambda template: slugify(template.name))

    @factory.post_generation
    def words(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        subject = "" if self.channel == "sms" else "About ((name))"
        TemplateVersionFactory(template=self, **({"name": self.name, "subject": subject} | (extracted or {}) | kwargs))


class TemplateVersionFactory(factory.django.DjangoModelFactory):
    """The next version of a template; TemplateFactory has made the first."""

    class Meta:
        model = TemplateVersion

    template = factory.SubFactory(TemplateFactory)
    number = factory.LazyAttribute(lambda version: version.template.versions.count() + 1)
    name = factory.SelfAttribute("template.name")
    body = "Hi ((name))"


class TemplateDraftFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TemplateDraft

    template = factory.SubFactory(TemplateFactory)
    name = factory.SelfAttribute("template.name")
    body = "Hello ((name))"


class TemplateAttachmentFactory(factory.django.DjangoModelFactory):
    """A file attached to an email template."""

    class Meta:
        model = TemplateAttachment

    template = factory.SubFactory(TemplateFactory, channel="email")
    filename = "leaflet.csv"
    mime_type = "text/csv"
    size = 4
    file = factory.LazyFunction(lambda: seal("template-files", str(uuid7()), b"a,b\n"))
