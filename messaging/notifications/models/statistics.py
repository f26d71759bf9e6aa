"""Statistics: kept as messages move, never counted from them."""

from django.db import models

from messaging.enums import Status
from services.enums import Channel, KeyType


class StatDelta(models.Model):
    """A change of the figures, written with the change itself and folded into StatDay and JobStat a second later."""

    id = models.BigAutoField(primary_key=True)
    service_id = models.UUIDField()
    # The local day on which the message was made.
    day = models.DateField()
    template_id = models.UUIDField()
    job_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=6, choices=Channel)
    key_type = models.CharField(max_length=6, choices=KeyType)
    status = models.SmallIntegerField(choices=Status)
    count = models.IntegerField(default=0)
    # Fragments times the rate multiplier, or sheets.
    units = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    # Pounds, before any free allowance.
    cost = models.DecimalField(max_digits=14, decimal_places=5, default=0)

    objects: models.Manager["StatDelta"]

    class Meta:
        indexes = [models.Index(fields=["service_id", "day"], name="stat_delta_by_service")]

    def __str__(self) -> str:
        return f"{self.count:+} {self.channel}"


class StatDay(models.Model):
    """How many messages of a day stand where, per template. Dashboards read these and the unfolded deltas."""

    id = models.BigAutoField(primary_key=True)
    service_id = models.UUIDField()
    day = models.DateField()
    template_id = models.UUIDField()
    channel = models.CharField(max_length=6, choices=Channel)
    key_type = models.CharField(max_length=6, choices=KeyType)
    status = models.SmallIntegerField(choices=Status)
    count = models.IntegerField(default=0)
    units = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    cost = models.DecimalField(max_digits=14, decimal_places=5, default=0)

    objects: models.Manager["StatDay"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service_id", "day", "template_id", "channel", "key_type", "status"], name="stat_day_once"
            ),
        ]
        indexes = [models.Index(fields=["day"], name="stat_day_by_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.channel} {self.count}"


class JobStat(models.Model):
    """How many messages of a spreadsheet stand where."""

    id = models.BigAutoField(primary_key=True)
    job_id = models.UUIDField()
    status = models.SmallIntegerField(choices=Status)
    count = models.IntegerField(default=0)

    objects: models.Manager["JobStat"]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job_id", "status"], name="job_stat_once")]

    def __str__(self) -> str:
        return f"{self.job_id} {self.status} {self.count}"
