"""A provider's share of the traffic."""

from django.db import models

from services.enums import Channel


class ProviderState(models.Model):
    """A provider's share of the traffic of a channel; staff change it in the back office."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=30)
    channel = models.CharField(max_length=6, choices=Channel)
    share = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: models.Manager["ProviderState"]

    class Meta:
        ordering = ["channel", "name"]
        constraints = [
            models.UniqueConstraint(fields=["name", "channel"], name="provider_state_once"),
            models.CheckConstraint(condition=models.Q(share__lte=100), name="provider_share_0_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.channel})"
