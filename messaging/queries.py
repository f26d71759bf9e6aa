"""Reading templates and senders the way the send path needs them: by id, cached for two seconds."""

from functools import lru_cache
from uuid import UUID

from django.conf import settings

from messaging.attached_files import files_named, with_links
from messaging.cached import cached
from messaging.content import MessageContent
from messaging.models import MessageTemplate, TemplateVersion
from messaging.refusals import MessageRefused
from services.models import EmailReplyTo, Service, SmsSender


def template_with_version(
    service_id: UUID, template: UUID | str, number: int | None = None
) -> tuple[MessageTemplate, TemplateVersion]:
    """A service's template by id or slug, with its latest or a given version; archived ones too, hidden ones not.

    Refuses anything else with MessageRefused "Template not found".
    """
    return cached(("template", service_id, template, number), lambda: _template_with_version(service_id, template, number))


def _template_with_version(
    service_id: UUID, template: UUID | str, number: int | None
) -> tuple[MessageTemplate, TemplateVersion]:
    key = {"pk": template} if isinstance(template, UUID) else {"slug": template, "archived_at__isnull": True}
    found = MessageTemplate.objects.filter(service_id=service_id, is_hidden=False, **key).first()
    version = TemplateVersion.objects.filter(template=found, number=number or found.version).first() if found else None
    if found is None or version is None:
        raise MessageRefused("Template not found", code="template_not_found")
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


def service_by_id(service_id: UUID) -> Service:
    """A service with its organisation and brands, at most two seconds old."""
    return cached(
        ("service", service_id),
        lambda: Service.objects.select_related("organisation", "email_brand", "letter_brand").get(pk=service_id),
    )


def sms_sender(service: Service, sender_id: UUID | None) -> str:
    """The chosen or the default text sender; refuses another service's or an archived one."""

    def load() -> str:
        senders = SmsSender.objects.filter(service=service, archived_at__isnull=True)
        if sender_id is None:
            name = senders.filter(is_default=True).values_list("name", flat=True).first()
            return name or settings.DEFAULT_SMS_SENDER
        name = senders.filter(pk=sender_id).values_list("name", flat=True).first()
        if name is None:
            raise MessageRefused(
                f"sms_sender_id {sender_id} does not exist in database for service id {service.pk}", code="sms_sender"
            )
        return name

    return cached(("sms_sender", service.pk, sender_id), load)


def email_reply_to(service: Service, reply_to_id: UUID | None) -> str:
    """The chosen or the default reply-to address, "" for none; refuses another service's or an archived one."""

    def load() -> str:
        addresses = EmailReplyTo.objects.filter(service=service, archived_at__isnull=True).exclude(
            verification_sent_at__isnull=False, verified_at=None
        )
        if reply_to_id is None:
            return addresses.filter(is_default=True).values_list("email_address", flat=True).first() or ""
        address = addresses.filter(pk=reply_to_id).values_list("email_address", flat=True).first()
        if address is None:
            raise MessageRefused(
                f"email_reply_to_id {reply_to_id} does not exist in database for service id {service.pk}",
                code="email_reply_to",
            )
        return address

    return cached(("reply_to", service.pk, reply_to_id), load)
