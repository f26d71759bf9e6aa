"""Spreadsheets: one message for each row."""

from django.conf import settings
from django.db import models

from messaging.jobs.enums import JobState
from messaging.jobs.models.contact_list import ContactList
from notify.lib.crypto import EncryptedTextField
from notify.lib.ids import uuid7


class Job(models.Model):
    """An uploaded spreadsheet, from reading it to its last message. The file is sealed in storage."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey("services.Service", on_delete=models.CASCADE, related_name="jobs")
    template = models.ForeignKey("message_templates.MessageTemplate", on_delete=models.CASCADE, related_name="jobs")
    template_version = models.PositiveIntegerField()
    original_file_name = models.CharField(max_length=255)
    file = models.FileField(upload_to="jobs/", blank=True)
    # SHA-256 of the file: finds out whether the same file was sent to the same template before.
    file_hash = models.CharField(max_length=64)
    contact_list = models.ForeignKey(ContactList, null=True, blank=True, on_delete=models.SET_NULL, related_name="jobs")
    state = models.CharField(max_length=30, choices=JobState, default=JobState.CHECKING)
    row_count = models.PositiveIntegerField(default=0)
    rows_checked = models.PositiveIntegerField(default=0)
    # What checking found, as JSON (messaging.jobs.check_report); sealed, because it shows people's details.
    report = EncryptedTextField(null=True)
    international_rows = models.PositiveIntegerField(default=0)
    rows_created = models.PositiveIntegerField(default=0)
    rows_failed = models.PositiveIntegerField(default=0)
    sms_sender = models.ForeignKey("services.SmsSender", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reply_to = models.ForeignKey("services.EmailReplyTo", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    scheduled_for = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    objects: models.Manager["Job"]

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["service", "-id"], name="job_by_service"),
            models.Index(fields=["state", "scheduled_for"], name="job_by_state"),
        ]

    def __str__(self) -> str:
        return self.original_file_name
