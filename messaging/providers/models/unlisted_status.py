"""Words of providers that nobody has told us the meaning of."""

from django.db import models


class UnlistedStatus(models.Model):
    """A word in a provider's receipts that is not among its `statuses`; it changed nothing."""

    id = models.BigAutoField(primary_key=True)
    provider = models.CharField(max_length=30)
    word = models.CharField(max_length=100)
    count = models.PositiveBigIntegerField(default=0)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    objects: models.Manager["UnlistedStatus"]

    class Meta:
        verbose_name = "unlisted status"
        verbose_name_plural = "unlisted statuses"
        constraints = [models.UniqueConstraint(fields=["provider", "word"], name="unlisted_status_once")]

    def __str__(self) -> str:
        return f"{self.word} ({self.provider})"
