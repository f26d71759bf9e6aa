"""The one way to write the audit trail."""

from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import models

from audit.actors import SYSTEM, Actor, System
from audit.events import SENTENCES
from audit.models import AuditEvent

__all__ = ["SYSTEM", "Actor", "System", "record", "support_session"]

MASK = "••••"
_SECRET_WORDS = ("secret", "token", "password", "bearer")

# Set by the middleware of a support session, so that what staff do inside a service names them and the session.
support_session: ContextVar[UUID | None] = ContextVar("support_session", default=None)


def record(
    name: str,
    *,
    actor: Actor,
    subject: models.Model,
    data: dict[str, Any] | None = None,
    service_id: UUID | None = None,
    organisation_id: UUID | None = None,
) -> AuditEvent:
    """Write down who did what to which thing, inside the caller's transaction.

    The service and the organisation are read from the subject where it has them. Values whose key speaks of a secret are
    masked. Refuses an undeclared name with ValueError.
    """
    if name not in SENTENCES:
        raise ValueError(f"Unknown audit name {name!r}: declare it in the app's audit_events.py")
    kind, actor_user_id, label = _describe(actor)
    model_name = subject._meta.model_name or ""
    return AuditEvent.objects.create(
        name=name,
        actor_kind=kind,
        actor_id=actor_user_id,
        actor_label=label[:320],
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_label=str(subject)[:320],
        service_id=service_id or (subject.pk if model_name == "service" else getattr(subject, "service_id", None)),
        organisation_id=organisation_id
        or (subject.pk if model_name == "organisation" else getattr(subject, "organisation_id", None)),
        support_session_id=support_session.get(),
        data=_masked(data or {}),
    )


def _describe(actor: Actor) -> tuple[str, UUID | None, str]:
    if isinstance(actor, System):
        return AuditEvent.ActorKind.SYSTEM, None, str(actor)
    if isinstance(actor, get_user_model()):
        return AuditEvent.ActorKind.USER, actor.pk, f"{actor.name} ({actor.email})"
    if not isinstance(actor, Actor):
        raise TypeError(f"Nobody to write down: {actor!r}")
    return AuditEvent.ActorKind.API_KEY, None, f"API key ‘{actor}’"


def _masked(data: dict[str, Any]) -> dict[str, Any]:
    return {key: MASK if any(word in key.lower() for word in _SECRET_WORDS) and value else value for key, value in data.items()}
