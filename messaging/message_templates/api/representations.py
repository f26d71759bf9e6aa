"""Templates in the shapes of the wire contract (public-api §6)."""

from collections.abc import Mapping
from html import escape
from typing import Any

from django.conf import settings

from content import placeholders, render_body_source, render_sms, render_subject
from messaging.message_templates.models import MessageTemplate, TemplateVersion
from messaging.message_templates.queries.templates import content_of
from notify.lib import clock
from services.enums import Channel


def url(path: str) -> str:
    """A path of the API as clients reach it."""
    return f"{settings.API_BASE_URL}{path}"


def rendered(template: MessageTemplate, version: TemplateVersion, values: Mapping[str, Any]) -> tuple[str | None, str]:
    """Subject and body of a message with its values, as the API shows them."""
    content = content_of(template, version)
    if template.channel == Channel.SMS:
        return None, render_sms(content, values).body
    subject = render_subject(content, values)
    # A letter's heading is escaped on the wire, an email's subject is not.
    return escape(subject, quote=False) if template.channel == Channel.LETTER else subject, render_body_source(content, values)


def template(found: MessageTemplate, version: TemplateVersion) -> dict[str, Any]:
    """One version of a template (public-api §6.1)."""
    content = content_of(found, version)
    is_letter = found.channel == Channel.LETTER
    return {
        "id": str(found.pk),
        "name": version.name,
        "type": found.channel,
        "created_at": clock.wire(found.created_at),
        "updated_at": None if version.number == 1 else clock.wire(version.created_at),
        "created_by": version.created_by.email if version.created_by else "",
        "version": version.number,
        "body": version.body,
        "subject": None if found.channel == Channel.SMS else version.subject,
        "personalisation": {name: {"required": True} for name in placeholders(content)},
        "postage": version.postage if is_letter else None,
        "letter_contact_block": content.contact_block or None if is_letter else None,
    }
