"""The settings table of defaults by organisation type, which staff can change."""

from django.db import models

from organisations.enums import OrganisationType


class TypeDefaults(models.Model):
    """What a service of one organisation type starts with. Filled by a migration (service-lifecycle §6.1)."""

    organisation_type = models.CharField(max_length=20, choices=OrganisationType, primary_key=True)
    trial_email = models.PositiveIntegerField(default=50)
    trial_sms = models.PositiveIntegerField(default=50)
    trial_letter = models.PositiveIntegerField(default=50)
    trial_international_sms = models.PositiveIntegerField(default=10)
    live_email = models.PositiveIntegerField(default=250_000)
    live_sms = models.PositiveIntegerField(default=250_000)
    live_letter = models.PositiveIntegerField(default=20_000)
    live_international_sms = models.PositiveIntegerField(default=100)
    # Free text message fragments a financial year.
    free_sms_fragments = models.PositiveIntegerField(default=5_000)

    objects: models.Manager["TypeDefaults"]

    class Meta:
        verbose_name_plural = "defaults by organisation type"

    def __str__(self) -> str:
        return self.get_organisation_type_display()
