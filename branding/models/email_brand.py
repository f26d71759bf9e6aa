"""How a service's emails look."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from branding.logos import logo_name
from notify.lib.ids import uuid7


class EmailBrand(models.Model):
    """A logo with words or a description, and a colour. No brand at all means the government default."""

    class Style(models.TextChoices):
        ORG = "org", "Brand only"
        BOTH = "both", "Government brand and this brand"
        ORG_BANNER = "org_banner", "Brand on a coloured banner"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=255, unique=True)
    style = models.CharField(max_length=12, choices=Style, default=Style.ORG)
    # Always a PNG that branding.logos made itself, never the file somebody sent.
    logo = models.FileField(upload_to="branding/email/", blank=True)
    logo_width = models.PositiveSmallIntegerField(default=0, editable=False)
    logo_height = models.PositiveSmallIntegerField(default=0, editable=False)
    colour = models.CharField(max_length=7, blank=True)
    text = models.CharField(max_length=255, blank=True)
    alt_text = models.CharField(max_length=255, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects: models.Manager["EmailBrand"]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(text="") ^ Q(alt_text=""), name="email_brand_text_or_alt_text", violation_error_code="text"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def logo_url(self) -> str:
        """The address of the logo for emails and pages; empty without one."""
        return settings.BASE_URL + reverse("branding:logo", args=[logo_name(self.logo)]) if self.logo else ""
