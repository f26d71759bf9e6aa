"""What an API client signs its requests with."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from audit.actors import Actor
from notify.lib import clock
from notify.lib.crypto import EncryptedTextField
from notify.lib.ids import uuid7
from services.enums import KeyType
from services.models.service import Service


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self) -> Self:
        moment = clock.now()
        return self.filter(Q(revoked_at__isnull=True) | Q(revoked_at__gt=moment)).filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=moment)
        )


class ApiKey(Actor, models.Model):
    """A named secret of a service. The secret is shown once and sealed at rest."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=255)
    # The name without case, spaces, hyphens and underscores: unique among the keys in use.
    normalised_name = models.CharField(max_length=255)
    key_type = models.CharField(max_length=10, choices=KeyType)
    secret = EncryptedTextField()
    # Empty: everything.
    scopes = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    # The team was reminded this many days before the end; null: not yet.
    reminded_days = models.PositiveSmallIntegerField(null=True, blank=True)
    # A moment ahead is the end of a rotation's overlap.
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ApiKeyQuerySet.as_manager()

    # A key that signed a request is its REST framework user, and signed in.
    is_authenticated = True

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "normalised_name"], condition=Q(revoked_at__isnull=True), name="api_key_name_in_use"
            ),
        ]

    def __str__(self) -> str:
        return self.name
