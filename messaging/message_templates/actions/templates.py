"""Writing templates: new ones, new versions, drafts, and the end of one."""

from dataclasses import dataclass, field, fields, replace
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from accounts.models import User
from audit.actors import Actor
from audit.record import record
from content import MessageContent, validate_template
from messaging.enums import Postage
from messaging.message_templates import slots
from messaging.message_templates.enums import LetterLanguages
from messaging.message_templates.models import MessageTemplate, TemplateDraft, TemplateFolder, TemplateVersion
from notify.lib import clock
from notify.lib.refusals import ActionRefused, Reason
from services.access import require
from services.enums import Channel
from services.models import LetterContact, Service
from services.permissions import MANAGE_TEMPLATES


@dataclass(frozen=True)
class TemplateContent:
    """Everything a version of a template says, and how it is sent."""

    name: str
    body: str
    subject: str = ""
    formatted_placeholders: list[str] = field(default_factory=list)
    has_unsubscribe_link: bool = False
    postage: str = ""
    letter_contact: LetterContact | None = None
    letter_languages: str = LetterLanguages.ENGLISH
    welsh_subject: str = ""
    welsh_body: str = ""

    @classmethod
    def of(cls, source: TemplateVersion | TemplateDraft) -> "TemplateContent":
        return cls(**{f.name: getattr(source, f.name) for f in fields(cls)})

    def as_fields(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self)}


def check_words(service: Service, channel: str, words: TemplateContent) -> None:
    """Refuse words that cannot be sent, with a reason beside each field (template-language, "Validation")."""
    reasons = []
    if not words.name.strip():
        reasons.append(Reason("required", "Enter a template name", "name"))
    for problem in validate_template(channel, words.subject, words.body):
        about_subject = "subject" in problem.lower() or "heading" in problem.lower()
        reasons.append(Reason("content", problem, "subject" if about_subject else "body"))
    if words.has_unsubscribe_link and channel != Channel.EMAIL:
        reasons.append(Reason("unsubscribe", "Only emails can have an unsubscribe link", "has_unsubscribe_link"))
    if channel == Channel.LETTER and words.letter_languages == LetterLanguages.WELSH_THEN_ENGLISH:
        reasons += [
            Reason("required", message, field)
            for field, message in (
                ("welsh_subject", "Enter the heading in Welsh"),
                ("welsh_body", "Enter the message in Welsh"),
            )
            if not getattr(words, field).strip()
        ]
    if words.letter_contact is not None and words.letter_contact.service_id != service.pk:
        reasons.append(Reason("letter_contact", "Choose a sender address of this service", "letter_contact"))
    if reasons:
        raise ActionRefused(*reasons)


def create_template(
    service: Service, *, channel: str, words: TemplateContent, by: Actor, folder: TemplateFolder | None = None, slug: str = ""
) -> MessageTemplate:
    """Add a template; its first version can be sent at once.

    Refuses (ActionRefused) people without manage_templates, words that cannot be sent, a channel the service does not
    have, a folder of another service, and a slug in use.
    """
    require(by, service, MANAGE_TEMPLATES)
    if not service.has_permission(channel):
        raise ActionRefused(Reason("channel_off", "Your service cannot send this kind of message", "channel"))
    words = _completed(channel, words)
    check_words(service, channel, words)
    if folder is not None and folder.service_id != service.pk:
        raise ActionRefused(Reason("folder", "Choose a folder of this service", "folder"))
    with transaction.atomic():
        Service.objects.select_for_update().get(pk=service.pk)
        template = MessageTemplate.objects.create(
            service=service,
            channel=channel,
            name=words.name.strip(),
            slug=_slug(service, slug or words.name, exact=bool(slug)),
            folder=folder,
            version=1,
        )
        _add_version(template, words, by)
        record("template.created", actor=by, subject=template)
    return template


def edit_template(template: MessageTemplate, *, words: TemplateContent, by: Actor) -> TemplateVersion:
    """Publish new words as the next version; the same words again change nothing. Refuses as `create_template` does."""
    require(by, template.service, MANAGE_TEMPLATES)
    with transaction.atomic():
        template = lock_template(template)
        words = _completed(template.channel, words)
        check_words(template.service, template.channel, words)
        latest = template.versions.get(number=template.version)
        if TemplateContent.of(latest) == words:
            return latest
        version = _publish(template, words, by)
        record("template.changed", actor=by, subject=template, data={"version": version.number})
    return version


def restore_version(template: MessageTemplate, *, number: int, by: Actor) -> TemplateVersion:
    """Make the words of an earlier version the latest ones. Refuses a version that does not exist."""
    require(by, template.service, MANAGE_TEMPLATES)
    with transaction.atomic():
        template = lock_template(template)
        earlier = template.versions.filter(number=number).first()
        if earlier is None:
            raise ActionRefused("This version does not exist")
        version = _publish(template, TemplateContent.of(earlier), by)
        record("template.restored", actor=by, subject=template, data={"from_version": number})
    return version


def save_draft(template: MessageTemplate, *, words: TemplateContent, by: Actor) -> TemplateDraft:
    """Keep new words without sending them to anyone; a draft that waits for approval has to be asked for again."""
    require(by, template.service, MANAGE_TEMPLATES)
    with transaction.atomic():
        template = lock_template(template)
        words = _completed(template.channel, words)
        check_words(template.service, template.channel, words)
        draft, _ = TemplateDraft.objects.update_or_create(
            template=template, defaults=words.as_fields() | {"created_by": _author(by), "approval_asked_at": None}
        )
        record("template.draft_saved", actor=by, subject=template)
    return draft


def ask_for_approval(template: MessageTemplate, *, by: Actor) -> TemplateDraft:
    """Ask a colleague to read the draft and publish it."""
    require(by, template.service, MANAGE_TEMPLATES)
    with transaction.atomic():
        draft = _draft(lock_template(template))
        draft.approval_asked_at = clock.now()
        draft.save(update_fields=["approval_asked_at", "updated_at"])
        record("template.approval_asked", actor=by, subject=template)
    return draft


def publish_draft(template: MessageTemplate, *, by: Actor) -> TemplateVersion:
    """Send the draft's words from now on. Where the service wants four eyes, refuses the author of the draft."""
    require(by, template.service, MANAGE_TEMPLATES)
    with transaction.atomic():
        template = lock_template(template)
        draft = _draft(template)
        if template.service.templates_need_approval and draft.created_by_id == getattr(by, "pk", None):
            raise ActionRefused("Somebody else on your team has to publish what you wrote")
        version = _publish(template, TemplateContent.of(draft), by)
        draft.delete()
        record("template.published", actor=by, subject=template, data={"version": version.number})
    return version


def discard_draft(template: MessageTemplate, *, by: Actor) -> None:
    """Throw the draft away; the published version stays as it is."""
    require(by, template.service, MANAGE_TEMPLATES)
    with transaction.atomic():
        _draft(lock_template(template)).delete()
        record("template.draft_discarded", actor=by, subject=template)


def archive_template(template: MessageTemplate, *, by: Actor) -> None:
    """Delete a template: it can no longer be sent; messages made with it stay readable. Its slug becomes free."""
    require(by, template.service, MANAGE_TEMPLATES)
    with transaction.atomic():
        template = lock_template(template)
        template.archived_at = clock.now()
        template.folder = None
        template.save(update_fields=["archived_at", "folder"])
        record("template.archived", actor=by, subject=template)


def redact_template(template: MessageTemplate, *, by: Actor) -> None:
    """Hide recipients' details in messages of this template once they are sent. One way only."""
    require(by, template.service, MANAGE_TEMPLATES)
    with transaction.atomic():
        template = lock_template(template)
        template.redacts_personalisation = True
        template.save(update_fields=["redacts_personalisation"])
        record("template.redacted", actor=by, subject=template)


def copy_template(
    source: MessageTemplate, *, into: Service, by: Actor, folder: TemplateFolder | None = None
) -> MessageTemplate:
    """Copy a template's latest words into a service; the person must be able to see the one and change the other."""
    require(by, into, MANAGE_TEMPLATES)
    version = source.versions.get(number=source.version)
    words = replace(TemplateContent.of(version), letter_contact=None, name=f"Copy of ‘{version.name}’")
    with transaction.atomic():
        template = create_template(into, channel=source.channel, words=words, by=by, folder=folder)
        record("template.copied", actor=by, subject=template, data={"source": source.service.name})
    return template


def lock_template(template: MessageTemplate) -> MessageTemplate:
    """The template, fresh and locked; refuses one that is deleted or hidden."""
    locked = MessageTemplate.objects.select_for_update().shown().filter(pk=template.pk).first()
    if locked is None or locked.archived_at is not None:
        raise ActionRefused("This template has been deleted")
    locked.service = template.service
    return locked


def _draft(template: MessageTemplate) -> TemplateDraft:
    draft = TemplateDraft.objects.filter(template=template).first()
    if draft is None:
        raise ActionRefused("There is no draft of this template")
    return draft


def _completed(channel: str, words: TemplateContent) -> TemplateContent:
    """Letters have a postage; the rest has none."""
    values = words.as_fields() | {"postage": (words.postage or Postage.SECOND) if channel == Channel.LETTER else ""}
    if channel == Channel.SMS:
        values["subject"] = ""
    if values["letter_languages"] == LetterLanguages.ENGLISH:
        values |= {"welsh_subject": "", "welsh_body": ""}
    return TemplateContent(**values)


def _publish(template: MessageTemplate, words: TemplateContent, by: Actor) -> TemplateVersion:
    template.version = (template.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    template.name = words.name.strip()
    template.updated_at = clock.now()
    template.save(update_fields=["version", "name", "updated_at"])
    return _add_version(template, words, by)


def _add_version(template: MessageTemplate, words: TemplateContent, by: Actor) -> TemplateVersion:
    return TemplateVersion.objects.create(
        template=template, number=template.version, created_by=_author(by), **words.as_fields()
    )


def _author(by: Actor) -> User | None:
    """The person, where a person did it and not an API key or the platform."""
    return by if isinstance(by, User) else None


def _slug(service: Service, wanted: str, *, exact: bool) -> str:
    """A slug nobody in the service uses; refuses one that was asked for in so many words and is taken."""
    base = slugify(wanted)[:240] or "template"
    taken = set(MessageTemplate.objects.active().filter(service=service, slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    if exact:
        raise ActionRefused(Reason("slug", "Another template of your service uses this short name", "slug"))
    return next(f"{base}-{n}" for n in range(2, len(taken) + 3) if f"{base}-{n}" not in taken)


def content_from(channel: str, words: TemplateContent) -> MessageContent:
    """Words in the shape of the text engine, for previews of what is not saved yet."""
    return MessageContent(
        channel=channel,
        body=words.body,
        subject=words.subject,
        contact_block=words.letter_contact.block if words.letter_contact else "",
        welsh_subject=words.welsh_subject,
        welsh_body=words.welsh_body,
        unsubscribe_link=words.has_unsubscribe_link,
    )


def set_urgent(template: MessageTemplate, *, on: bool, by: Actor) -> MessageTemplate:
    """Whether messages of this template overtake others."""
    require(by, template.service, MANAGE_TEMPLATES)
    with transaction.atomic():
        template = lock_template(template)
        if template.is_urgent != on:
            template.is_urgent = on
            template.save(update_fields=["is_urgent"])
            record("template.priority_changed", actor=by, subject=template, data={"on": "on" if on else "off"})
    return template


def last_used_message(template: MessageTemplate) -> str:
    """When the template was last used, as the page that asks about deleting it says."""
    last = max((day for reader in slots.last_used if (day := reader(template))), default=None)
    if last is None:
        return "It has not been used within the last year"
    days = (clock.local_day() - last).days
    return "It was last used today" if days < 1 else f"It was last used {days} day{'s' if days > 1 else ''} ago"
