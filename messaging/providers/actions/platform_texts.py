"""The platform's own texts (sign-in codes) through the installation's text providers, past every queue of services."""

import logging

from django.conf import settings

from messaging.providers import registry
from messaging.providers.base import NotSent, Outgoing, Rejected
from notify.lib.ids import uuid7
from services.enums import Channel

logger = logging.getLogger(__name__)


def send_platform_text(to: str, body: str) -> None:
    """Send one text. Raises OSError when it certainly did not leave, which makes the worker try again soon."""
    key = uuid7()
    outgoing = Outgoing(
        notification_id=key,
        channel=Channel.SMS,
        to=to,
        service_id=key,
        service_name=settings.PLATFORM_NAME,
        sender=settings.DEFAULT_SMS_SENDER,
        text=body,
    )
    try:
        result = registry.send(registry.choose(Channel.SMS), outgoing)
    except registry.NoProvider as error:
        raise ConnectionError(str(error)) from error
    if isinstance(result, NotSent):
        raise ConnectionError(result.reason)
    if isinstance(result, Rejected):
        logger.warning("A text of the platform was rejected: %s", result.reason)
