"""What a service has sent today."""

from django.db import models


class UsageCounter(models.Model):
    """What a service has sent today on one channel, reserved by one conditional statement (reliability §3.6)."""

    id = models.BigAutoField(primary_key=True)
    service_id = models.UUIDField()
    # email, sms, letter or international_sms
    channel = models.CharField(max_length=20)
    day = models.DateField()
    used = models.PositiveIntegerField(default=0)

    objects: models.Manager["UsageCounter"]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service_id", "channel", "day"], name="usage_counter_once")]

    def __str__(self) -> str:
        return f"{self.channel} {self.day}: {self.used}"
