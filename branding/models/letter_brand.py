"""The logo at the top of a service's letters."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from branding.logos import logo_name
from notify.lib.ids import uuid7


class LetterBrand(models.Model):
    """An SVG logo for letters. No brand means a letter without a logo."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=255, unique=True)
    # The sanitised SVG, which only the letter engine reads; people are shown `preview`, a PNG made from it.
    logo = models.FileField(upload_to="branding/letter/")
    preview = models.FileField(upload_to="branding/letter/", blank=True, editable=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects: models.Manager["LetterBrand"]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def logo_url(self) -> str:
        """The address of the picture that people are shown; empty without one."""
        return settings.BASE_URL + reverse("branding:logo", args=[logo_name(self.preview)]) if self.preview else ""
