"""Support sessions: staff see what a service's team sees, for a stated reason, for a while, on the record."""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from accounts import staff
from accounts.models import User
from audit.actors import Actor
from audit.record import record
from notify.lib import clock
from notify.lib.refusals import ActionRefused, Reason
from services.models import Service, SupportSession

LIFETIME = timedelta(minutes=30)
LOOK = "services.add_supportsession"
ACT = "services.change_service"
UNASKED = "Opened its pages without stating a reason"


@transaction.atomic
def start(service: Service, *, reason: str, by: User, may_act: bool = False) -> SupportSession:
    """Look into a service for half an hour, and with `may_act` also do what its team could. Ends one's other session.

    Refuses people without the right (PermissionRefused), and a missing reason (ActionRefused).
    """
    staff.require(by, LOOK)
    if may_act:
        staff.require(by, ACT)
    reason = reason.strip()
    if not reason:
        raise ActionRefused(Reason("reason", "Say why you need to look into this service", "reason"))
    for earlier in SupportSession.objects.select_for_update().filter(user=by, ended_at=None):
        _end(earlier, by=by)
    moment = clock.now()
    session = SupportSession.objects.create(
        service=service, user=by, reason=reason[:2000], may_act=may_act, started_at=moment, expires_at=moment + LIFETIME
    )
    data = {"reason": session.reason, "service": service.name, "may_act": may_act}
    record("support_session.started", actor=by, subject=session, data=data)
    return session


def start_unasked(service: Service, *, by: User) -> SupportSession | None:
    """The session of platform staff who open a service's pages by its address, without having stated a reason.

    They may, but not unseen: the session is written down, and the banner says so. Refuses staff who need to state a reason
    first (PermissionRefused).
    """
    try:
        return start(service, reason=UNASKED, by=by, may_act=True)
    except IntegrityError:  # another page of the same person was quicker
        return running(by)


@transaction.atomic
def end(session: SupportSession, *, by: Actor) -> None:
    """Stop looking. Ending twice is harmless. Refuses everybody but the person themself and platform staff."""
    if by != session.user:
        staff.require(by, ACT)
    session = SupportSession.objects.select_for_update().select_related("service").get(pk=session.pk)
    if session.ended_at is None:
        _end(session, by=by)


def _end(session: SupportSession, *, by: Actor) -> None:
    session.ended_at = clock.now()
    session.save(update_fields=["ended_at"])
    record("support_session.ended", actor=by, subject=session, data={"service": session.service.name})


def running(user: User) -> SupportSession | None:
    """The session a person of the staff is in, if any."""
    return SupportSession.objects.running().filter(user=user).select_related("service").first()


def session_of(user: User, service_id: Any) -> SupportSession | None:
    """The running session that the middleware found for this request's person, if it is for this service."""
    session: SupportSession | None = getattr(user, "support_session", None)
    return session if session is not None and session.service_id == service_id and session.is_running else None
