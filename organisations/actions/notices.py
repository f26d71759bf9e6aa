"""Telling everybody something."""

from datetime import datetime

from django.db import transaction

from accounts.staff import person
from audit.actors import Actor
from audit.record import record
from notify.lib import clock
from notify.lib.refusals import ActionRefused, Reason
from organisations.access import require_staff
from organisations.models import Notice


def _check(text: str, starts_at: datetime, ends_at: datetime | None) -> None:
    if not text.strip():
        raise ActionRefused(Reason("text", "Enter what everybody should know", "text"))
    if ends_at and ends_at <= starts_at:
        raise ActionRefused(Reason("ends_at", "The notice must end after it starts", "ends_at"))


@transaction.atomic
def publish(
    *,
    text: str,
    by: Actor,
    kind: str = Notice.Kind.INFORMATION,
    link: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Notice:
    """Show a notice to everybody who is signed in, from now or later. Refuses an empty one, and an end before its start."""
    require_staff(by, "organisations.add_notice")
    starts_at = starts_at or clock.now()
    _check(text, starts_at, ends_at)
    notice = Notice.objects.create(
        text=text.strip(), kind=kind, link=link, starts_at=starts_at, ends_at=ends_at, created_by=person(by)
    )
    record("notice.published", actor=by, subject=notice, data={"text": notice.text})
    return notice


@transaction.atomic
def withdraw(notice: Notice, *, by: Actor) -> Notice:
    """Stop showing a notice. Withdrawing twice is harmless."""
    require_staff(by, "organisations.change_notice")
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    moment = clock.now()
    if notice.ends_at and notice.ends_at <= moment:
        return notice
    record("notice.withdrawn", actor=by, subject=notice, data={"text": notice.text})
    if notice.starts_at >= moment:
        notice.delete()  # nobody has seen it
        return notice
    notice.ends_at = moment
    notice.save(update_fields=["ends_at"])
    return notice
