"""Letters that the post office brought back."""

from uuid import UUID

from django.db import transaction

from accounts import staff
from audit.actors import Actor
from audit.record import record
from messaging.enums import Status
from messaging.letters.models import ReturnedLetter
from messaging.letters.signals import letters_returned
from messaging.notifications.actions.status import Move, move
from messaging.notifications.models import Notification
from notify.lib.refusals import ActionRefused, Reason
from services.enums import Channel

MAX_RETURNED = 1_000


@transaction.atomic
def report_returned_letters(*, references: list[str], by: Actor) -> list[ReturnedLetter]:
    """Mark letters as returned by their ids; their services and callbacks are told. Reporting one again is harmless.

    Refuses people who are not staff, more than 1,000 at once, and the whole list when one is no letter of ours, naming each.
    """
    staff.require(by, "letters.add_returnedletter")
    wanted = [text.strip().upper().removeprefix("NOTIFY-").lower() for text in references if text.strip()]
    if not wanted or len(wanted) > MAX_RETURNED:
        raise ActionRefused(Reason("count", f"Enter 1 to {MAX_RETURNED:,} references, one on each line", "references"))
    keys = {text: _as_uuid(text) for text in wanted}
    found = Notification.objects.filter(pk__in=[key for key in keys.values() if key], channel=Channel.LETTER)
    letters = {letter.pk: letter for letter in found}
    bad = [
        Reason("unknown", f"‘{text[:60]}’ is not a letter of ours", "references")
        for text, key in keys.items()
        if key not in letters
    ]
    if bad:
        raise ActionRefused(*bad)
    known = set(ReturnedLetter.objects.filter(notification_id__in=letters).values_list("notification_id", flat=True))
    new = [letter for key, letter in letters.items() if key not in known]
    made = ReturnedLetter.objects.bulk_create(
        [ReturnedLetter(service_id=letter.service_id, notification_id=letter.pk) for letter in new]
    )
    move([Move(id=letter.pk, status=Status.RETURNED_LETTER, detail="Returned by the post office") for letter in new])
    if made:
        letters_returned.send(sender=ReturnedLetter, returned_letters=made)
        record("letters.returned", actor=by, subject=made[0], data={"count": len(made)})
    return made


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
