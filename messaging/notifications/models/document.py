"""Files that recipients download."""

from django.db import models

from messaging.message_templates.models import TemplateAttachment
from notify.lib.ids import uuid7


class Document(models.Model):
    """One file for one recipient, or a template's file for the recipients of one message; sealed in storage."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey("services.Service", on_delete=models.CASCADE, related_name="documents")
    template_file = models.ForeignKey(TemplateAttachment, null=True, on_delete=models.CASCADE, related_name="documents")
    # SHA-256 of the key in the link; the key itself is only in the message.
    key_hash = models.BinaryField(max_length=32)
    filename = models.CharField(max_length=100, blank=True)
    mime_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to="documents/", blank=True)
    # Empty: anybody with the link may download.
    email_hash = models.BinaryField(max_length=16, null=True)
    wrong_emails = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    first_downloaded_at = models.DateTimeField(null=True)

    objects: models.Manager["Document"]

    def __str__(self) -> str:
        return self.filename
