"""Lines of the audit trail."""

import factory

from audit.models import AuditEvent


class AuditEventFactory(factory.django.DjangoModelFactory):
    """Something the platform did by itself to nothing in particular."""

    class Meta:
        model = AuditEvent

    name = "service.created"
    actor_kind = AuditEvent.ActorKind.SYSTEM
    actor_label = "Notify"
    subject_type = "services.service"
    subject_id = factory.Sequence(str)
    subject_label = factory.Sequence(lambda n: f"Service {n}")
