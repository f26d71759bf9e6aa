"""What is checked before a message is taken in: one ordered list for every door (reference: public-api §4.1).

The API, a bulk request, the one-off page and its preview run these checks; letters have theirs in
messaging.letters.actions.checks. What a check needs is read once, by the context, when the first check asks for it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import cached_property

from content import MessageContent, is_body_empty, missing_values, render_body_source, render_sms, render_subject
from messaging.message_templates.models import MessageTemplate, TemplateVersion
from messaging.message_templates.queries.templates import content_of, template_with_version
from messaging.notifications.queries.senders import email_reply_to, sms_sender
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.rules import sending
from messaging.notifications.rules.recipients import Recipient
from services.enums import Channel, KeyType
from services.models import Service
from services.rules import sms_prefix

# reference: public-api §11.3
MAX_EMAIL_BYTES = 2_000_000
MAX_SMS_CHARACTERS = 918

Personalisation = Mapping[str, Any]
Wording = tuple[MessageTemplate, TemplateVersion]


@dataclass(frozen=True, slots=True)
class MessageRequest:
    """A text or an email that somebody wants sent. Letters have their own way in (messaging.letters.actions.accept)."""

    service: Service
    channel: str
    # The id, for the latest version; or the template with the version to use.
    template: UUID | Wording
    recipient: Recipient
    personalisation: Personalisation
    key_type: str = KeyType.NORMAL
    api_key_id: UUID | None = None
    by_id: UUID | None = None
    reference: str | None = None
    sms_sender_id: UUID | None = None
    email_reply_to_id: UUID | None = None
    unsubscribe_url: str | None = None
    scheduled_for: datetime | None = None
    # The web sends in trial mode to the team alone; keys reach the guest list too.
    guest_list: bool = True
    # Turns file objects into links, at the step where the contract does it.
    attach_files: Callable[[Personalisation, Recipient], Personalisation] | None = None
    # Values that are Markdown whatever the template says: the API made them harmless by escaping (public-api §4.4).
    formatted: Sequence[str] = ()


class TemplateContext:
    """A service, a template and values, and what follows from them, read when it is first asked for."""

    def __init__(
        self, service: Service, channel: str, template: UUID | Wording, personalisation: Personalisation, key_type: str
    ) -> None:
        self.service = service
        self.channel = channel
        self.personalisation = personalisation
        self.key_type = key_type
        self._template = template

    @cached_property
    def wording(self) -> Wording:
        """The template and its version. Refuses with TemplateNotFound."""
        given = self._template
        return template_with_version(self.service.pk, given) if isinstance(given, UUID) else given

    @property
    def template(self) -> MessageTemplate:
        return self.wording[0]

    @property
    def version(self) -> TemplateVersion:
        return self.wording[1]

    @cached_property
    def content(self) -> MessageContent:
        return content_of(*self.wording)


class SendContext(TemplateContext):
    """One text or email on its way through the checks; a batch looks up who is suppressed once and passes their hashes."""

    def __init__(self, request: MessageRequest, *, suppressed: Collection[bytes] | None = None) -> None:
        super().__init__(request.service, request.channel, request.template, request.personalisation, request.key_type)
        self.request = request
        self.recipient = request.recipient
        self.formatted = request.formatted
        self.suppressed = suppressed

    @cached_property
    def sender(self) -> str:
        """The text sender's name, or the reply-to address ("" for none). Refuses one that is not the service's."""
        if self.channel == Channel.SMS:
            return sms_sender(self.service, self.request.sms_sender_id)
        return email_reply_to(self.service, self.request.email_reply_to_id)

    @cached_property
    def rendered(self) -> tuple[str, str | None]:
        """Body and subject as the API shows them. Refuses what is too long."""
        return self._text() if self.channel == Channel.SMS else self._email()

    def _text(self) -> tuple[str, None]:
        prefix, formatted = sms_prefix(self.service), self.version.formatted_placeholders
        sms = render_sms(self.content, self.personalisation, prefix=prefix, formatted=formatted)
        if sms.empty:
            raise _empty()
        if sms.too_long:
            raise _too_long("Text messages", MAX_SMS_CHARACTERS, "characters", sms.characters_without_prefix, " long")
        return sms.body, None

    def _email(self) -> tuple[str, str]:
        body = render_body_source(self.content, self.personalisation)
        if (size := len(body.encode())) > MAX_EMAIL_BYTES:
            raise _too_long("Emails", MAX_EMAIL_BYTES, "bytes", size, "")
        return body, render_subject(self.content, self.personalisation)


def _empty() -> MessageRefused:
    return MessageRefused("empty", "Your message is empty.")


def _too_long(kind: str, most: int, unit: str, found: int, end: str) -> MessageRefused:
    why = f"{kind} cannot be longer than {most} {unit}. Your message is {found} {unit}{end}."
    return MessageRefused("too_long", f"Your message is too long. {why}", why=why)


# --- the checks -------------------------------------------------------------------------------------------------------
def active(context: TemplateContext) -> None:
    sending.check_active(context.service)


def channel_on(context: TemplateContext) -> None:
    sending.check_channel(context.service, context.channel)


def template_usable(context: TemplateContext) -> None:
    """The template is the service's, of this channel and not archived."""
    template, channel = context.template, context.channel
    if template.channel != channel:
        what = f"{template.channel} template is not suitable for {channel} notification"
        raise MessageRefused("template_channel", what, template=template.channel, channel=channel)
    if template.archived_at is not None:
        raise MessageRefused("template_archived", "Template has been deleted")


def values_complete(context: TemplateContext) -> None:
    """Every placeholder has a value, and something is left to send."""
    values = context.personalisation
    if missing := missing_values(context.content, values):
        names = ", ".join(missing)
        raise MessageRefused("missing_personalisation", f"Missing personalisation: {names}", names=names)
    if is_body_empty(context.content, values):
        raise _empty()


def files_by_email_only(context: TemplateContext) -> None:
    if context.channel != Channel.EMAIL and any(isinstance(v, dict) and "file" in v for v in context.personalisation.values()):
        raise MessageRefused("file_channel", "Can only send a file by email")


def sender_known(context: SendContext) -> None:
    context.sender  # noqa: B018 - refuses by itself


def recipient_allowed(context: SendContext) -> None:
    sending.check_recipient_allowed(context.service, context.recipient, context.key_type, guest_list=context.request.guest_list)


def country_allowed(context: SendContext) -> None:
    sending.check_international(context.service, context.recipient)


def not_suppressed(context: SendContext) -> None:
    if context.suppressed is None:
        sending.check_suppression(context.service, context.recipient)
    elif context.recipient.hash in context.suppressed:
        raise sending.suppressed_recipient()


def files_stored(context: SendContext) -> None:
    """Files become links, the only step that writes. The links are ours, so they may be links in the email too."""
    if context.request.attach_files is None:
        return
    before = context.personalisation
    after = context.request.attach_files(before, context.recipient)
    linked = [name for name, value in after.items() if isinstance(value, str) and isinstance(before.get(name), dict)]
    context.personalisation, context.formatted = after, [*context.formatted, *linked]


def not_too_long(context: SendContext) -> None:
    context.rendered  # noqa: B018 - refuses by itself


# The first that fails is the answer. What is the same for all messages of a batch is checked once for it.
OF_THE_BATCH: tuple[Callable[[TemplateContext], None], ...] = (active, channel_on, template_usable)
OF_EACH_MESSAGE: tuple[Callable[[SendContext], None], ...] = (
    values_complete,
    files_by_email_only,
    sender_known,
    recipient_allowed,
    country_allowed,
    not_suppressed,
    files_stored,
    not_too_long,
)


def check_batch(context: TemplateContext) -> None:
    """The checks that are about the service and the template. Refuses with MessageRefused or TemplateNotFound."""
    for check in OF_THE_BATCH:
        check(context)


def check_message(context: SendContext) -> None:
    """The checks that are about one message. Refuses with MessageRefused."""
    for check in OF_EACH_MESSAGE:
        check(context)
