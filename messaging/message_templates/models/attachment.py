"""Files attached to email templates."""

from django.conf import settings
from django.db import models

from messaging.message_templates.models.template import MessageTemplate
from notify.lib.ids import uuid7
from notify.lib.querysets import ActiveQuerySet


class TemplateAttachment(models.Model):
    """A file attached to an email template: its name is a placeholder that becomes a link."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    template = models.ForeignKey(MessageTemplate, on_delete=models.CASCADE, related_name="files")
    filename = models.CharField(max_length=100)
    link_text = models.CharField(max_length=255, blank=True)
    mime_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to="template-files/")
    retention_weeks = models.PositiveSmallIntegerField(default=26)
    confirm_email = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = ActiveQuerySet["TemplateAttachment"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(retention_weeks__range=(1, 78)), name="template_file_weeks_1_to_78")
        ]

    def __str__(self) -> str:
        return self.filename
