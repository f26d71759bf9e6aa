"""Templates and messages."""

from typing import Any

import factory
from django.utils.text import slugify

from messaging.message_templates.models import MessageTemplate, TemplateFolder, TemplateVersion
from messaging.notifications.actions.accept import Accepted, accept
from messaging.notifications.actions.checks import MessageRequest
from messaging.notifications.models import Notification
from messaging.notifications.recipients import read_recipient
from services.models import Service
from tests.factories.services import LiveServiceFactory


class TemplateFolderFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TemplateFolder

    service = factory.SubFactory(LiveServiceFactory)
    name = factory.Sequence(lambda n: f"Folder {n}")


class TemplateFactory(factory.django.DjangoModelFactory):
    """A text message template with one version."""

    class Meta:
        model = MessageTemplate

    service = factory.SubFactory(LiveServiceFactory)
    channel = "sms"
    name = factory.Sequence(lambda n: f"Template {n}")
    slug = factory.LazyAttribute(lambda template: slugify(template.name))

    @factory.post_generation
    def words(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        fields = {"name": self.name, "body": "Hi ((name))", "subject": "" if self.channel == "sms" else "About ((name))"}
        TemplateVersion.objects.create(template=self, number=1, **(fields | (extracted or {}) | kwargs))


def send_one(service: Service, template: MessageTemplate | None = None, **fields: Any) -> Accepted:
    """Accept one message through the real action."""
    template = template or TemplateFactory(service=service)
    values: dict[str, Any] = {
        "service": service,
        "template": (template, template.versions.get(number=template.version)),
        "channel": template.channel,
        "recipient": "07700900123" if template.channel == "sms" else "sam@example.com",
        "personalisation": {"name": "Sam"},
    } | fields
    values["recipient"] = read_recipient(template.channel, values["recipient"])
    return accept(MessageRequest(**values))


def status_of(accepted: Accepted) -> str:
    return Notification.objects.get(pk=accepted.id).state.label
