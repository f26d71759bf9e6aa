"""Templates in the shapes of the wire contract (public-api §6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from html import escape
from typing import Any

from django.conf import settings
from rest_framework import serializers

from content import placeholders, render_body_html, render_body_source, render_sms, render_subject
from messaging.message_templates.models import TemplateVersion
from messaging.message_templates.queries.templates import content_of
from notify.lib.api.fields import Id, Moment, Personalisation, Text
from notify.lib.api.serializers import Shape
from services.api.fields import OneChannel
from services.enums import Channel


def url(path: str) -> str:
    """A path of the API as clients reach it."""
    return f"{settings.API_BASE_URL}{path}"


@dataclass(frozen=True)
class Rendered:
    """A version of a template with values, as the API shows it."""

    version: TemplateVersion
    values: Mapping[str, Any]

    @cached_property
    def _both(self) -> tuple[str | None, str]:
        content, channel = content_of(self.version.template, self.version), self.version.template.channel
        if channel == Channel.SMS:
            return None, render_sms(content, self.values).body
        subject = render_subject(content, self.values)
        # A letter's heading is escaped on the wire, an email's subject is not.
        subject = escape(subject, quote=False) if channel == Channel.LETTER else subject
        return subject, render_body_source(content, self.values)

    @property
    def subject(self) -> str | None:
        return self._both[0]

    @property
    def body(self) -> str:
        return self._both[1]


class TemplateSerializer(Shape):
    """One version of a template (public-api §6.1)."""

    id = Id(source="template_id")
    name = Text()
    type = OneChannel(source="template.channel")
    created_at = Moment(source="template.created_at")
    updated_at = Moment(allow_null=True)
    created_by = Text()
    version = serializers.IntegerField(min_value=1, source="number")
    body = Text()
    subject = Text(allow_null=True)
    personalisation = serializers.DictField()
    postage = Text(allow_null=True)
    letter_contact_block = Text(allow_null=True)

    def get_updated_at(self, version: TemplateVersion) -> datetime | None:
        return None if version.number == 1 else version.created_at

    def get_created_by(self, version: TemplateVersion) -> str:
        return version.created_by.email if version.created_by else ""

    def get_subject(self, version: TemplateVersion) -> str | None:
        return None if version.template.channel == Channel.SMS else version.subject

    def get_personalisation(self, version: TemplateVersion) -> dict[str, Any]:
        return {name: {"required": True} for name in placeholders(content_of(version.template, version))}

    def get_postage(self, version: TemplateVersion) -> str | None:
        return version.postage if version.template.channel == Channel.LETTER else None

    def get_letter_contact_block(self, version: TemplateVersion) -> str | None:
        is_letter = version.template.channel == Channel.LETTER
        return content_of(version.template, version).contact_block or None if is_letter else None


class TemplatesSerializer(Shape):
    templates = TemplateSerializer(many=True)


class TemplatesQuery(Shape):
    type = OneChannel(required=False, help_text="Only this kind.")


class PreviewTemplateSerializer(Shape):
    takes_more = True
    personalisation = Personalisation(required=False)


class PreviewSerializer(Shape):
    """A template with values (public-api §6.4)."""

    id = Id(source="version.template_id")
    type = OneChannel(source="version.template.channel")
    version = serializers.IntegerField(min_value=1, source="version.number")
    body = Text()
    html = Text(allow_null=True)
    subject = Text(allow_null=True)
    postage = Text(allow_null=True)

    def get_html(self, shown: Rendered) -> str | None:
        """The inner HTML of an email, without the document around it."""
        version = shown.version
        if version.template.channel != Channel.EMAIL:
            return None
        content = content_of(version.template, version)
        return render_body_html(content, shown.values, formatted=version.formatted_placeholders)

    def get_postage(self, shown: Rendered) -> str | None:
        return shown.version.postage if shown.version.template.channel == Channel.LETTER else None
