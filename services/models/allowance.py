"""Free texts agreed with one service."""

from django.db import models

from services.models.service import Service


class Allowance(models.Model):
    """Free text message fragments of a service from a financial year on, in place of its type's."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="allowances")
    # The year in which the financial year begins.
    year = models.PositiveSmallIntegerField()
    free_sms_fragments = models.PositiveIntegerField()

    objects: models.Manager["Allowance"]

    class Meta:
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["service", "year"], name="allowance_once_a_year")]

    def __str__(self) -> str:
        return f"{self.free_sms_fragments} from {self.year}"
