"""Text message sender names that no team may take by itself."""

from django.conf import settings
from django.db import models


class ProtectedSenderName(models.Model):
    """A name that belongs to somebody, like a bank or a health service; only staff give it to a service."""

    # In capitals and without spaces: what names are compared by.
    name = models.CharField(max_length=15, primary_key=True)
    note = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects: models.Manager["ProtectedSenderName"]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
