"""When a message may go: the channel, the recipient, the country."""

from django.db.models import QuerySet

from messaging.notifications.models import Suppression
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.rules.recipients import Recipient
from notify.lib.short_cache import cached
from services.enums import Channel, KeyType, ServicePermission
from services.models import Service
from services.queries.team import may_receive

# reference: public-api §10
SIMULATED_PHONES = frozenset({"+447700900000", "+447700900111", "+447700900222"})
SIMULATED_EMAILS = frozenset(
    f"{name}@notifications.service.gov.uk" for name in ("simulate-delivered", "simulate-delivered-2", "simulate-delivered-3")
)

_CHANNEL_NAMES = {Channel.SMS: "text messages", Channel.EMAIL: "emails", Channel.LETTER: "letters"}


def check_active(service: Service) -> None:
    """Refuse a service that staff have suspended."""
    if service.suspended_at is not None:
        raise MessageRefused("suspended", "Service is suspended and cannot send messages")


def check_channel(service: Service, channel: str) -> None:
    """Refuse a channel that is switched off for the service."""
    if not service.has_permission(channel):
        name = _CHANNEL_NAMES[Channel(channel)]
        raise MessageRefused("channel_off", f"Service is not allowed to send {name}", channel_name=name)


def check_recipient_allowed(service: Service, recipient: Recipient, key_type: str, *, guest_list: bool = True) -> None:
    """Refuse a stranger for a team key or a service that is not live; a test key reaches nobody, so anyone will do."""
    if key_type == KeyType.TEST or (key_type == KeyType.NORMAL and service.is_live):
        return
    kind = "phone" if recipient.channel == Channel.SMS else "email"
    if may_receive(service, recipient.normalised, kind, guest_list=guest_list):
        return
    if key_type == KeyType.TEAM:
        raise MessageRefused("team_only", "Can’t send to this recipient using a team-only API key")
    raise MessageRefused("trial_mode", "In trial mode you can only send to yourself and your team")


def check_international(service: Service, recipient: Recipient) -> None:
    """Refuse a number abroad, or a UK landline, that the service has no permission for."""
    if recipient.needs_international_permission and not service.has_permission(ServicePermission.INTERNATIONAL_SMS):
        raise MessageRefused("international", "Your service cannot send text messages to other countries")
    if recipient.is_landline and not service.has_permission(ServicePermission.SMS_TO_UK_LANDLINES):
        raise MessageRefused("landline", "Your service cannot send text messages to UK landlines")


def check_suppression(service: Service, recipient: Recipient) -> None:
    """Refuse somebody who unsubscribed, replied STOP, bounced or complained.

    Every send passes here, so a service that suppresses nobody is not asked again for a moment.
    """

    def mine() -> QuerySet[Suppression]:
        return Suppression.objects.filter(service=service, channel=recipient.channel)

    if not cached(("suppresses", service.pk, recipient.channel), lambda: mine().exists()):
        return
    if mine().filter(recipient_hash=recipient.hash).exists():
        raise suppressed_recipient()


def suppressed_recipient() -> MessageRefused:
    """What is said of somebody on the list."""
    return MessageRefused("suppressed", "This person is on your list of people not to contact")


def is_simulated(recipient: Recipient) -> bool:
    """Whether the API only pretends to send to this recipient."""
    return recipient.normalised in SIMULATED_PHONES or recipient.normalised in SIMULATED_EMAILS
