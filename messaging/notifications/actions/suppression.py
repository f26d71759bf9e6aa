"""The list of people a service does not contact: adding, importing, removing; and dealing with unsubscribe requests."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts import staff
from audit.actors import Actor
from audit.record import record
from messaging.notifications.enums import SuppressionReason
from messaging.notifications.models import Suppression, UnsubscribeRequest
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.rules.recipients import Recipient, read_recipient
from notify.lib import clock
from notify.lib.refusals import ActionRefused, Reason
from notify.lib.short_cache import clear_cache
from services.access import require
from services.enums import Channel
from services.models import Service
from services.permissions import MANAGE_SERVICE, VIEW_ACTIVITY

# Channels on which people can be suppressed; nobody unsubscribes from letters.
CHANNELS = (Channel.EMAIL, Channel.SMS)
MAX_IMPORT = 10_000
# So many bad lines are named in a refusal; the rest are counted.
NAMED = 10


@transaction.atomic
def add(service: Service, *, channel: str, recipient: str, by: Actor) -> Suppression:
    """Stop writing to one person. Refuses people who may not manage the service, a bad recipient, and one on the list."""
    require(by, service, MANAGE_SERVICE)
    read = _read(channel, recipient)
    suppression, made = Suppression.objects.get_or_create(
        service=service,
        channel=channel,
        recipient_hash=read.hash,
        defaults={"recipient": read.normalised, "reason": SuppressionReason.MANUAL, "created_by": staff.person(by)},
    )
    if not made:
        raise ActionRefused(Reason("listed", "This person is on the list already", "recipient"))
    record("suppression.added", actor=by, subject=suppression)
    transaction.on_commit(clear_cache)
    return suppression


@transaction.atomic
def remove(suppression: Suppression, *, by: Actor) -> None:
    """Write to a person again. Refuses people who may not manage the service."""
    require(by, suppression.service, MANAGE_SERVICE)
    record("suppression.removed", actor=by, subject=suppression, data={"reason": suppression.reason})
    suppression.delete()
    transaction.on_commit(clear_cache)


@transaction.atomic
def import_recipients(service: Service, *, channel: str, recipients: Sequence[str], by: Actor) -> int:
    """Add many people at once; returns how many were new. Those on the list stay as they are.

    Refuses people who may not manage the service, more than 10,000 lines, none, and the whole list when lines are bad
    (a reason for each of the first ten), so that a file is never half imported.
    """
    require(by, service, MANAGE_SERVICE)
    wanted = [text.strip() for text in recipients if text.strip()]
    if not wanted:
        raise ActionRefused(Reason("empty", "The file has no recipients", "file"))
    if len(wanted) > MAX_IMPORT:
        raise ActionRefused(Reason("many", f"Import {MAX_IMPORT:,} recipients at once at most", "file"))
    read: dict[bytes, Recipient] = {}
    bad: list[str] = []
    for number, text in enumerate(wanted, start=1):
        try:
            one = read_recipient(channel, text)
            read[one.hash] = one
        except MessageRefused:
            bad.append(f"Line {number}: ‘{text[:60]}’ is not {_words(channel)}")
    if bad:
        more = [f"and {len(bad) - NAMED} more bad lines"] if len(bad) > NAMED else []
        raise ActionRefused(*[Reason("line", message, "file") for message in [*bad[:NAMED], *more]])
    before = Suppression.objects.filter(service=service, channel=channel).count()
    Suppression.objects.bulk_create(
        [
            Suppression(
                service=service,
                channel=channel,
                recipient=one.normalised,
                recipient_hash=key,
                reason=SuppressionReason.MANUAL,
                created_by=staff.person(by),
            )
            for key, one in read.items()
        ],
        ignore_conflicts=True,
        batch_size=1_000,
    )
    added = Suppression.objects.filter(service=service, channel=channel).count() - before
    record("suppression.imported", actor=by, subject=service, data={"count": added, "channel": channel})
    transaction.on_commit(clear_cache)
    return added


@transaction.atomic
def mark_processed(service: Service, *, until: datetime, by: Actor) -> int:
    """Mark the unsubscribe requests received until a moment as dealt with in the team's own lists; returns how many.

    The moment is that of the list the person looked at, so that no request is marked unseen.
    """
    require(by, service, VIEW_ACTIVITY)
    waiting = UnsubscribeRequest.objects.filter(service=service, processed_at=None, created_at__lte=until)
    count = waiting.update(processed_at=clock.now(), processed_by=staff.person(by))
    if count:
        record("unsubscribe_requests.processed", actor=by, subject=service, data={"count": count})
    return count


def _read(channel: str, recipient: str) -> Recipient:
    if channel not in CHANNELS:
        raise ActionRefused(Reason("channel", "Select email or text message", "channel"))
    try:
        return read_recipient(channel, recipient)
    except MessageRefused as refusal:
        message = f"Enter {_words(channel)} in the correct format"
        raise ActionRefused(Reason("recipient", message, "recipient")) from refusal


def _words(channel: str) -> str:
    return "a phone number" if channel == Channel.SMS else "an email address"
