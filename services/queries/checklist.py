"""The items of the checklist that the service itself can answer (reference: service-lifecycle §7.1)."""

from django.conf import settings

from accounts.email_domains import is_public_sector_email
from organisations.enums import OrganisationType
from services.enums import Channel
from services.models import EmailReplyTo, Service, SmsSender
from services.queries.team import managers
from services.slots.checklist import ChecklistItem, ItemState, checklist_items, done_if
from services.slots.templates import template_readers

MANAGERS_NEEDED = 2


def has_templates(service: Service, channel: str) -> bool:
    """Whether a service has templates of a channel that it could send."""
    return any(reader(service, channel) for reader in template_readers)


def intends_email(service: Service) -> bool:
    """A service with email templates or an estimate of emails will send emails."""
    return bool(service.volume_email) or has_templates(service, Channel.EMAIL)


def intends_sms(service: Service) -> bool:
    """An estimate decides; without one, text templates do."""
    if service.volume_sms is not None:
        return service.volume_sms > 0
    return has_templates(service, Channel.SMS)


def has_reply_to(service: Service) -> bool:
    """Whether replies to a service's emails have somewhere to go."""
    return EmailReplyTo.objects.active().filter(service=service, is_default=True).exists()


def _volumes(service: Service) -> ItemState:
    return done_if(any([service.volume_email, service.volume_sms, service.volume_letter]))


def _team(service: Service) -> ItemState:
    public = [person for person in managers(service) if is_public_sector_email(person.email)]
    return done_if(len(public) >= MANAGERS_NEEDED)


def _templates(service: Service) -> ItemState:
    return done_if(any(service.has_permission(c) and has_templates(service, c) for c in Channel.values))


def _sender_name(service: Service) -> ItemState:
    if not intends_email(service):
        return ItemState.NOT_NEEDED
    return done_if(service.confirmed_email_sender_name)


def _reply_to(service: Service) -> ItemState:
    if not intends_email(service):
        return ItemState.NOT_NEEDED
    return done_if(has_reply_to(service))


def _sms_sender(service: Service) -> ItemState:
    if service.organisation_type == OrganisationType.CENTRAL or not intends_sms(service):
        return ItemState.NOT_NEEDED
    default = SmsSender.objects.active().filter(service=service, is_default=True).first()
    return done_if(default is not None and default.name.upper() not in {"GOVUK", settings.DEFAULT_SMS_SENDER.upper()})


def _agreement(service: Service) -> ItemState:
    organisation = service.organisation
    if organisation is not None:
        if organisation.agreement_signed is None:
            return ItemState.NOT_NEEDED
        return done_if(organisation.agreement_signed)
    owes_one = service.organisation_type in {OrganisationType.NHS_GP, OrganisationType.NHS_LOCAL}
    return ItemState.TODO if owes_one else ItemState.NOT_NEEDED


for _item in [
    ChecklistItem(
        "name",
        "Confirm that your service is unique",
        "services:confirm-unique",
        lambda s: done_if(s.confirmed_unique),
        10,
    ),
    ChecklistItem("volumes", "Tell us how many messages you expect to send", "services:volumes", _volumes, 20),
    ChecklistItem("team", "Add a team member who can manage settings, team and usage", "services:member-list", _team, 30),
    ChecklistItem(
        "templates", "Add templates with examples of your content", "message_templates:template-list", _templates, 40
    ),
    ChecklistItem("sender-name", "Add a sender name for your emails", "services:email-sender-name", _sender_name, 50),
    ChecklistItem("reply-to", "Add a reply-to email address", "services:reply-to-list", _reply_to, 60),
    ChecklistItem("sms-sender", "Change your text message sender", "services:sms-sender-list", _sms_sender, 70),
    ChecklistItem("agreement", "Accept our data processing agreement", "services:agreement", _agreement, 80),
]:
    checklist_items.fill(_item, key=_item.slug)
