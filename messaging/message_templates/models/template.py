"""What messages say before anyone's details are added."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from messaging.enums import Postage
from messaging.message_templates.enums import LetterLanguages
from notify.lib.ids import uuid7
from notify.lib.querysets import ActiveQuerySet
from services.enums import Channel


class TemplateFolder(models.Model):
    """A folder of templates, inside another one or at the top."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey("services.Service", on_delete=models.CASCADE, related_name="template_folders")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    name = models.CharField(max_length=255)

    objects: models.Manager["TemplateFolder"]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class FolderAccess(models.Model):
    """A folder that a person without access to all folders may open."""

    folder = models.ForeignKey(TemplateFolder, on_delete=models.CASCADE, related_name="accesses")
    membership = models.ForeignKey("services.Membership", on_delete=models.CASCADE, related_name="folder_accesses")

    objects: models.Manager["FolderAccess"]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["folder", "membership"], name="folder_access_once")]

    def __str__(self) -> str:
        return f"{self.membership} → {self.folder}"


class TemplateText(models.Model):
    """What a version and a draft share: the words and how they are sent."""

    name = models.CharField(max_length=255)
    subject = models.TextField(blank=True)
    body = models.TextField()
    # Placeholders whose values may carry markdown of their own; everything else stays plain text.
    formatted_placeholders = ArrayField(models.CharField(max_length=255), default=list, blank=True)
    has_unsubscribe_link = models.BooleanField(default=False)
    postage = models.CharField(max_length=15, choices=Postage, blank=True)
    letter_contact = models.ForeignKey(
        "services.LetterContact", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    letter_languages = models.CharField(max_length=20, choices=LetterLanguages, default=LetterLanguages.ENGLISH)
    welsh_subject = models.TextField(blank=True)
    welsh_body = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        abstract = True


class MessageTemplateQuerySet(ActiveQuerySet["MessageTemplate"]):
    """The hidden template of ready-made letters is for the platform alone."""

    def shown(self) -> Self:
        """Those that people see, archived ones too."""
        return self.filter(is_hidden=False)

    def usable(self) -> Self:
        """Those that messages can be made from."""
        return self.active().shown()


class MessageTemplate(models.Model):
    """A message a service sends again and again. Its words are in numbered versions; the latest one is sent."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey("services.Service", on_delete=models.CASCADE, related_name="templates")
    channel = models.CharField(max_length=6, choices=Channel)
    # The name of the latest version, kept here for lists and search.
    name = models.CharField(max_length=255)
    # May stand in place of the id in the API, and survives a copy to another service.
    slug = models.SlugField(max_length=255)
    folder = models.ForeignKey(TemplateFolder, null=True, blank=True, on_delete=models.PROTECT, related_name="templates")
    version = models.PositiveIntegerField(default=1)
    is_urgent = models.BooleanField(default=False)
    # One way only: hides personal data after sending.
    redacts_personalisation = models.BooleanField(default=False)
    # The hidden template that precompiled letters belong to.
    is_hidden = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(null=True, blank=True)

    objects = MessageTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["name", "channel"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "slug"], condition=Q(archived_at__isnull=True), name="template_slug_once"
            ),
        ]
        indexes = [models.Index(fields=["service", "name"], name="template_by_service")]

    def __str__(self) -> str:
        return self.name


class TemplateVersion(TemplateText):
    """One published wording of a template. Never changed: a message says for ever what it said."""

    template = models.ForeignKey(MessageTemplate, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()

    objects: models.Manager["TemplateVersion"]

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="template_version_once")]

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"


class TemplateDraft(TemplateText):
    """The next wording, not yet sent to anyone; published by its author or, if the service asks for it, by a second person."""

    template = models.OneToOneField(MessageTemplate, on_delete=models.CASCADE, related_name="draft")
    updated_at = models.DateTimeField(auto_now=True)
    approval_asked_at = models.DateTimeField(null=True, blank=True)

    objects: models.Manager["TemplateDraft"]

    def __str__(self) -> str:
        return f"Draft of {self.template}"
