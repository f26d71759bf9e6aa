"""Staff looking into a service as its team sees it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from notify.lib import clock
from notify.lib.ids import uuid7
from services.models.service import Service


class SupportSessionQuerySet(models.QuerySet["SupportSession"]):
    def running(self) -> Self:
        return self.filter(ended_at=None, expires_at__gt=clock.now())


class SupportSession(models.Model):
    """One person of the staff inside one service, for a stated reason, until a stated moment."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="support_sessions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="support_sessions")
    reason = models.TextField()
    # False: look only. True: also do what the team could do.
    may_act = models.BooleanField(default=False)
    started_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SupportSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(ended_at=None), name="support_session_one_a_person"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("started_at")), name="support_session_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.service}"

    @property
    def is_running(self) -> bool:
        return self.ended_at is None and self.expires_at > clock.now()
