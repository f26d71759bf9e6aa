"""What this app answers for accounts: sending the platform's own texts."""

from django.conf import settings

from accounts.slots import text_senders
from messaging.providers.actions.platform_texts import send_platform_text

if settings.SMS_PROVIDERS and not settings.SANDBOX:
    text_senders.fill(send_platform_text)
