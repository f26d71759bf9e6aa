"""Messages that cannot be opened or composed: tried a few times, then failed and set aside for staff."""

import logging
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from accounts import staff
from accounts.models import User
from audit.actors import Actor
from audit.record import record
from messaging.enums import Status
from messaging.notifications.actions import claim as claims
from messaging.notifications.actions.accept import AcceptedMessage, accept
from messaging.notifications.actions.backoff import crash_pause
from messaging.notifications.actions.claim import MAX_CRASHES, Claimed
from messaging.notifications.actions.resend import may_resend, request_again
from messaging.notifications.actions.status import Move, move
from messaging.notifications.enums import QueueState
from messaging.notifications.models import Notification, SendQueue, SetAside
from messaging.notifications.refusals import MessageRefused
from notify.lib import clock
from notify.lib.crypto import InvalidToken
from notify.lib.refusals import ActionRefused, Reason
from services.models import Service

logger = logging.getLogger(__name__)

CHANGE = "notifications.change_setaside"
DETAIL = "The message could not be made; the platform’s staff have been told"
WORKERS_ENDED = "Its workers ended before they had called a provider"


def note_crash(row: Claimed, token: UUID, *, reason: str) -> None:
    """A message broke while it was made ready: it waits for another try, or is set aside after the last one."""
    if row.crashes + 1 < MAX_CRASHES:
        claims.release([row.id], token, [crash_pause(row.crashes + 1)], crashed=True)
        return
    with transaction.atomic():
        if claims.owned([row.id], token):
            _set_aside([(row.id, row.service_id, row.channel)], reason)


def set_aside_crashed() -> int:
    """Set aside what several workers died of; returns how many."""
    with transaction.atomic():
        rows = SendQueue.objects.select_for_update(skip_locked=True).filter(state=QueueState.READY, crashes__gte=MAX_CRASHES)
        found = list(rows.values_list("id", "service_id", "channel")[:500])
        _set_aside(found, WORKERS_ENDED)
    return len(found)


def _set_aside(rows: Sequence[tuple[UUID, UUID, str]], reason: str) -> None:
    """Fail messages and tell staff. The log's `message.set_aside` is an alarm."""
    SetAside.objects.bulk_create(
        [
            SetAside(id=i, service_id=service_id, channel=channel, reason=reason, set_aside_at=clock.now())
            for i, service_id, channel in rows
        ],
        ignore_conflicts=True,
    )
    move([Move(i, Status.TECHNICAL_FAILURE, detail=DETAIL) for i, _, _ in rows])
    for i, service_id, _ in rows:
        logger.error("message.set_aside id=%s service=%s reason=%s", i, service_id, reason)


@transaction.atomic
def retry_set_aside(row: SetAside, *, by: User) -> AcceptedMessage:
    """Send a message that was set aside as a new one, once its cause is mended; the old one stays failed.

    Refuses people who are not staff, letters, an archived service, a message that is gone or cannot be opened, and whatever
    sending refuses.
    """
    staff.require(by, CHANGE)
    row = _locked(row)
    failed = Notification.objects.filter(pk=row.pk).first()
    if failed is None or not may_resend(failed):
        raise ActionRefused(Reason("not_failed", "Only an email or text message that is still kept can be sent again"))
    service = Service.objects.get(pk=row.service_id)
    if service.archived_at is not None:
        raise ActionRefused(Reason("archived", "The service was archived"))
    try:
        accepted = accept(request_again(service, failed, by=by))
    except InvalidToken as error:
        raise ActionRefused(Reason("sealed", "The message cannot be opened: its encryption key is missing")) from error
    except MessageRefused as error:
        raise ActionRefused(Reason("refused", str(error))) from error
    record("notification.resent", actor=by, subject=failed, data={"as": str(accepted.id)}, service_id=service.pk)
    row.delete()
    return accepted


@transaction.atomic
def drop_set_aside(row: SetAside, *, reason: str, by: Actor) -> None:
    """Take a message off the list; it stays failed. Refuses people who are not staff, and a missing reason."""
    staff.require(by, CHANGE)
    if not reason.strip():
        raise ActionRefused(Reason("reason", "Say why it is not sent again", "reason"))
    row = _locked(row)
    record("message.dropped", actor=by, subject=row, data={"reason": reason.strip()}, service_id=row.service_id)
    row.delete()


def _locked(row: SetAside) -> SetAside:
    found = SetAside.objects.select_for_update().filter(pk=row.pk).first()
    if found is None:
        raise ActionRefused(Reason("gone", "Somebody has dealt with this message already"))
    return found
