"""Reading templates the way the send path needs them: by id, cached for two seconds."""

from functools import lru_cache
from uuid import UUID

from content import MessageContent
from messaging.message_templates.models import MessageTemplate, TemplateVersion
from messaging.message_templates.queries.attachments import files_named, with_links
from messaging.message_templates.refusals import TemplateNotFound
from notify.lib.short_cache import cached


def template_with_version(
    service_id: UUID, template: UUID | str, number: int | None = None
) -> tuple[MessageTemplate, TemplateVersion]:
    """A service's template by id or slug, with its latest or a given version; archived ones too, hidden ones not.

    Refuses anything else with TemplateNotFound.
    """
    return cached(("template", service_id, template, number), lambda: _template_with_version(service_id, template, number))


def _template_with_version(
    service_id: UUID, template: UUID | str, number: int | None
) -> tuple[MessageTemplate, TemplateVersion]:
    key = {"pk": template} if isinstance(template, UUID) else {"slug": template, "archived_at__isnull": True}
    found = MessageTemplate.objects.shown().filter(service_id=service_id, **key).first()
    version = TemplateVersion.objects.filter(template=found, number=number or found.version).first() if found else None
    if found is None or version is None:
        raise TemplateNotFound
    return found, version


def version_of(template_id: UUID, number: int) -> tuple[MessageTemplate, TemplateVersion]:
    """The wording a stored message was made with, whatever became of its template since."""

    def load() -> tuple[MessageTemplate, TemplateVersion]:
        version = TemplateVersion.objects.select_related("template", "letter_contact").get(
            template_id=template_id, number=number
        )
        return version.template, version

    return cached(("version", template_id, number), load)


def content_of(template: MessageTemplate, version: TemplateVersion) -> MessageContent:
    """A version's words in the shape the text engine takes; files it names are links for the team."""
    files = files_named(template, version)
    return _content(
        template.channel,
        with_links(version.body, files) if files else version.body,
        version.subject,
        version.letter_contact.block if version.letter_contact_id and version.letter_contact else "",
        version.welsh_subject if version.letter_languages == "welsh_then_english" else "",
        version.welsh_body if version.letter_languages == "welsh_then_english" else "",
        version.has_unsubscribe_link,
    )


@lru_cache(maxsize=2_000)
def _content(
    channel: str, body: str, subject: str, contact_block: str, welsh_subject: str, welsh_body: str, unsubscribe: bool
) -> MessageContent:
    return MessageContent(
        channel=channel,
        body=body,
        subject=subject,
        contact_block=contact_block,
        welsh_subject=welsh_subject,
        welsh_body=welsh_body,
        unsubscribe_link=unsubscribe,
    )
