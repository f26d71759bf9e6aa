"""A notice that everybody who signs in sees."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from notify.lib import clock
from notify.lib.ids import uuid7


class NoticeQuerySet(models.QuerySet["Notice"]):
    def showing(self) -> Self:
        """The notices of this moment."""
        moment = clock.now()
        return self.filter(starts_at__lte=moment).filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment))


class Notice(models.Model):
    """What the platform's staff tell everybody: a planned interruption, an incident, a change."""

    class Kind(models.TextChoices):
        INFORMATION = "information", "Information"
        WARNING = "warning", "Something is not working"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.INFORMATION)
    text = models.CharField(max_length=500)
    link = models.URLField(blank=True)
    starts_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="notice_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
