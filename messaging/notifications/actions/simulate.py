"""What becomes of messages sent with a test key (reference: public-api §9.3)."""

from collections.abc import Sequence
from typing import Any

from messaging.enums import Status
from messaging.notifications.actions.status import Move
from messaging.notifications.models import Notification
from notify.lib import clock
from services.enums import Channel

_PHONES = {"7700900002": Status.PERMANENT_FAILURE, "7700900003": Status.TEMPORARY_FAILURE}
_EMAILS = {
    "perm-fail@simulator.notify": Status.PERMANENT_FAILURE,
    "temp-fail@simulator.notify": Status.TEMPORARY_FAILURE,
}


def simulate(messages: Sequence[tuple[Notification, dict[str, Any]]]) -> list[list[Move]]:
    """The steps the messages take, one after the other: handed over, then the end that the recipient stands for."""
    moment = clock.now()
    handed = [
        Move(n.pk, Status.SENT if _abroad(n) else Status.SENDING, at=moment, sent_at=None if _letter(n) else moment)
        for n, _ in messages
    ]
    ended = [Move(n.pk, _end(n, content), at=moment) for n, content in messages if not _without_receipt(n, content)]
    return [handed, ended]


def _letter(notification: Notification) -> bool:
    return notification.channel == Channel.LETTER


def _abroad(notification: Notification) -> bool:
    return notification.channel == Channel.SMS and notification.international


def _without_receipt(notification: Notification, content: dict[str, Any]) -> bool:
    """North American networks send no receipts: the message stays `sent`."""
    return _abroad(notification) and content.get("normalised", "").startswith("+1")


def _end(notification: Notification, content: dict[str, Any]) -> Status:
    recipient = content.get("normalised", "")
    if notification.channel == Channel.SMS:
        return _PHONES.get(recipient[-10:], Status.DELIVERED)
    return _EMAILS.get(recipient, Status.DELIVERED)
