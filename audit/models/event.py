"""One line of the audit trail."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models

from notify.lib.ids import uuid7


class AuditEvent(models.Model):
    """Who did what to which thing. Written once; the database refuses to change or delete it.

    Names and labels are copied beside the ids, so that history survives a deletion.
    """

    class ActorKind(models.TextChoices):
        USER = "user"
        API_KEY = "api_key"
        SYSTEM = "system"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    name = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=10, choices=ActorKind)
    # The one foreign key of the project that points to the right: the trail must name people.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    actor_label = models.CharField(max_length=320)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    subject_label = models.CharField(max_length=320)
    service_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    # When staff act inside a support session, its id and the person behind it.
    support_session_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)

    objects: models.Manager["AuditEvent"]

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["service_id", "-id"], name="audit_by_service"),
            models.Index(fields=["organisation_id", "-id"], name="audit_by_organisation"),
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_by_subject"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.name} by {self.actor_label} on {self.subject_label}"

    @property
    def subject_uuid(self) -> uuid.UUID | None:
        try:
            return uuid.UUID(self.subject_id)
        except ValueError:
            return None
