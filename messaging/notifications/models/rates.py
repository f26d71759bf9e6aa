"""What messages cost, from a day on."""

from django.db import models

from messaging.enums import Postage


class SmsRate(models.Model):
    """Pounds per text message fragment from a day on (reference: service-lifecycle §6.2)."""

    valid_from = models.DateField(primary_key=True)
    rate = models.DecimalField(max_digits=8, decimal_places=5)

    objects: models.Manager["SmsRate"]

    class Meta:
        ordering = ["valid_from"]

    def __str__(self) -> str:
        return f"£{self.rate} from {self.valid_from}"


class LetterRate(models.Model):
    """Pounds per letter of a number of sheets and a postage from a day on (reference: service-lifecycle §12)."""

    id = models.BigAutoField(primary_key=True)
    valid_from = models.DateField()
    postage = models.CharField(max_length=15, choices=Postage)
    sheets = models.PositiveSmallIntegerField()
    crown = models.BooleanField()
    rate = models.DecimalField(max_digits=8, decimal_places=5)

    objects: models.Manager["LetterRate"]

    class Meta:
        ordering = ["valid_from", "postage", "sheets"]
        constraints = [models.UniqueConstraint(fields=["valid_from", "postage", "sheets", "crown"], name="letter_rate_once")]

    def __str__(self) -> str:
        return f"£{self.rate} {self.postage}, {self.sheets} sheets, from {self.valid_from}"
