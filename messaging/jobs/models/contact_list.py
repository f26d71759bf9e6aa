"""Spreadsheets of recipients kept for sending again."""

from django.conf import settings
from django.db import models

from notify.lib.ids import uuid7
from notify.lib.querysets import ActiveQuerySet
from services.enums import Channel


class ContactList(models.Model):
    """A spreadsheet of recipients kept for sending again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey("services.Service", on_delete=models.CASCADE, related_name="contact_lists")
    name = models.CharField(max_length=255)
    channel = models.CharField(max_length=6, choices=Channel)
    row_count = models.PositiveIntegerField()
    file = models.FileField(upload_to="contact-lists/")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = ActiveQuerySet["ContactList"].as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
