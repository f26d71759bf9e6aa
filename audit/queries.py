"""Reading the audit trail, page by page from the latest."""

from uuid import UUID

from django.db.models import QuerySet

from audit.models import AuditEvent

PAGE = 50


def of_service(service_id: UUID, *, prefix: str = "") -> QuerySet[AuditEvent]:
    """What happened to a service, optionally only events whose name starts with a word."""
    events = AuditEvent.objects.filter(service_id=service_id)
    return events.filter(name__startswith=prefix) if prefix else events


def page(events: QuerySet[AuditEvent], *, before: UUID | None = None) -> tuple[list[AuditEvent], UUID | None]:
    """A page of events older than `before`, and the key of the next page if there is one."""
    found = list((events.filter(pk__lt=before) if before else events)[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def of_organisation(organisation_id: UUID) -> QuerySet[AuditEvent]:
    """What happened to an organisation."""
    return AuditEvent.objects.filter(organisation_id=organisation_id)


def of_person(user_id: UUID) -> QuerySet[AuditEvent]:
    """What happened to a person's account, whoever did it. What they did elsewhere: `by_person`."""
    return AuditEvent.objects.filter(subject_type="accounts.user", subject_id=str(user_id))


def by_person(user_id: UUID) -> QuerySet[AuditEvent]:
    """What a person did, anywhere."""
    return AuditEvent.objects.filter(actor_id=user_id)
