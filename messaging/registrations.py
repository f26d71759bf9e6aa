"""What messaging adds to slots of the apps to its left."""

from django.conf import settings

from accounts import platform_mail
from messaging.actions.quota import used_today
from messaging.content import InvalidRecipient
from messaging.models import MessageTemplate
from messaging.platform_texts import send_platform_text
from messaging.recipients import phone_recipient
from messaging.sandbox_mail import show_text
from services import checklist_items, usage
from services.actions import senders
from services.enums import ServicePermission
from services.models import Service
from services.navigation import NavigationItem, register
from services.permissions import VIEW_ACTIVITY


def _has_templates(service: Service, channel: str) -> bool:
    return MessageTemplate.objects.filter(service=service, channel=channel, archived_at__isnull=True, is_hidden=False).exists()


def _read_phone(typed: str) -> str:
    try:
        return phone_recipient(typed).normalised
    except InvalidRecipient as error:
        raise ValueError(str(error)) from error


checklist_items.register_template_reader(_has_templates)
usage.register_reader(used_today)
senders.register_phone_reader(_read_phone)
if settings.SANDBOX:
    platform_mail.register_text_sender(show_text)
elif settings.SMS_PROVIDERS:
    platform_mail.register_text_sender(send_platform_text)

register(NavigationItem("templates", "Templates", "messaging:template-list", 20))
register(NavigationItem("activity", "Sent messages", "messaging:notification-list", 30))
register(
    NavigationItem(
        "inbox",
        "Received messages",
        "messaging:inbox",
        32,
        lambda service, held: service.has_permission(ServicePermission.INBOUND_SMS) and VIEW_ACTIVITY in held,
    )
)
register(NavigationItem("uploads", "Uploads", "messaging:upload-list", 35))
