"""The tour of a first service: an example text, filled in step by step and really sent to oneself."""

from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.urls import reverse

from accounts.models import User
from audit.actors import Actor
from messaging.message_templates.actions.templates import TemplateContent, archive_template, create_template
from messaging.message_templates.models import MessageTemplate
from services.enums import Channel
from services.models import Service

NAME = "Example text message template"
BODY = "Hey ((name)), I’m trying out Notify. Today is ((day of week)) and my favourite colour is ((colour))."
STEPS = (
    "Every message is sent from a template",
    "The template pulls in the data you provide",
    "Notify delivers the message",
)


def begin_tour(service: Service, user: User) -> str:
    """Make the example template; gives the address of the tour's first page."""
    if not service.has_permission(Channel.SMS):
        return ""
    template = create_template(service, channel=Channel.SMS, words=TemplateContent(name=NAME, body=BODY), by=user)
    return reverse("notifications:tour", kwargs={"service_id": service.pk, "template_id": template.pk})


def example_of(service: Service, template_id: UUID) -> MessageTemplate:
    """A text template that the tour can show; 404 for every other."""
    found = MessageTemplate.objects.filter(
        pk=template_id, service=service, channel=Channel.SMS, archived_at__isnull=True, is_hidden=False
    ).first()
    if found is None:
        raise Http404
    return found


@transaction.atomic
def end_tour(template: MessageTemplate, *, by: Actor) -> None:
    """Delete the example, and only the example: a template that was made from it by editing stays."""
    if template.name == NAME and template.version == 1:
        archive_template(template, by=by)
