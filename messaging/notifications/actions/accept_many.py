"""Taking many messages of one template in at once: each row checked by itself, all good ones written together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from messaging.notifications.actions import quota
from messaging.notifications.actions.accept import new_message
from messaging.notifications.actions.checks import MessageRequest, SendContext, check_batch, check_message
from messaging.notifications.actions.store import NewMessage, store
from messaging.notifications.constants import DISPATCH
from messaging.notifications.enums import Lane
from messaging.notifications.models import Suppression
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.rules.sending import is_simulated
from notify.lib import clock
from notify.lib.ids import uuid7
from notify.lib.wakeup import wake_on_commit
from services.enums import KeyType

CHUNK = 1_000

Outcome = UUID | MessageRefused


@dataclass(frozen=True, slots=True)
class AcceptedMany:
    """What became of each row, in order, and what is left of today's allowance."""

    outcomes: list[Outcome | None]
    left_today: int | None


def accept_many(requests: Sequence[MessageRequest | None]) -> AcceptedMany:
    """Check every row and store the good ones in one transaction; a bad row refuses nobody but itself.

    All rows are of one service, template and key; a None (a row that never became a request) stays a None. When the good
    rows do not fit into today's allowance nothing is stored, and MessageRefused is raised, as it is for what is wrong with
    the service or the template itself.
    """
    given = [request for request in requests if request is not None]
    if not given:
        return AcceptedMany([None] * len(requests), None)
    check_batch(SendContext(given[0]))
    suppressed = _suppressed(given[0])
    outcomes: list[Outcome | None] = []
    messages: list[NewMessage] = []
    abroad = 0
    for request in requests:
        if request is None:
            outcomes.append(None)
            continue
        context = SendContext(request, suppressed=suppressed)
        try:
            check_message(context)
        except MessageRefused as refused:
            outcomes.append(refused)
            continue
        outcomes.append(notification_id := uuid7())
        if not is_simulated(context.recipient):
            lane = Lane.TEST if request.key_type == KeyType.TEST else Lane.BULK
            messages.append(new_message(context, notification_id, clock.now(), lane=lane))
            abroad += int(context.recipient.counts_as_international)
    return AcceptedMany(outcomes, _write(given[0], messages, abroad) if messages else None)


def _suppressed(request: MessageRequest) -> frozenset[bytes]:
    """Everybody whom the service may not write to on this channel."""
    hashes: Iterable[Any] = Suppression.objects.filter(service=request.service, channel=request.channel).values_list(
        "recipient_hash", flat=True
    )
    return frozenset(bytes(each) for each in hashes)


def _write(first: MessageRequest, messages: list[NewMessage], abroad: int) -> int | None:
    with transaction.atomic():
        for start in range(0, len(messages), CHUNK):
            store(messages[start : start + CHUNK])
        left = quota.reserve(first.service, first.channel, len(messages), key_type=first.key_type, international=abroad)
        if first.scheduled_for is None:
            wake_on_commit(DISPATCH)
    return left
