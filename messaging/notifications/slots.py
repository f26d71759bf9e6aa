"""What notifications are told by the apps to their right."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from messaging.providers.base import Provider
from messaging.providers.models import ReceiptInbox
from notify.lib.slots import Slot

if TYPE_CHECKING:
    from messaging.notifications.models import Notification

# By channel: `compose(notification, content, service)` gives what goes to the provider (actions.compose.Composed).
composers: Slot[Callable[..., Any]] = Slot()
# By kind of body (providers.enums.InboxKind): `read(provider, body)` takes in no receipts, and says what it could not.
inbox_readers: Slot[Callable[[Provider, ReceiptInbox], str]] = Slot()
# `names(job_ids)`: what the spreadsheets were called from which messages came.
job_file_names: Slot[Callable[[Iterable[UUID]], dict[UUID, str]]] = Slot()
# `purge(notification_ids)` and `purge_before(day)`: what else is kept for messages that are past their retention.
purgers: Slot[Callable[[list[UUID]], None]] = Slot()
day_purgers: Slot[Callable[[date], None]] = Slot()
# `entries(notification)`: more of a message's timeline (queries.activity.TimelineEntry).
timeline_entries: "Slot[Callable[[Notification], list[Any]]]" = Slot()
