"""Figures: kept as messages move, never counted from them."""

from django.db import models

from messaging.enums import Postage, Status
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


class IdempotencyKey(models.Model):
    """A POST that may be repeated: the answer is kept for a day (reliability §3.5)."""

    id = models.BigAutoField(primary_key=True)
    service_id = models.UUIDField()
    key_type = models.CharField(max_length=6, choices=KeyType)
    key = models.CharField(max_length=255)
    body_hash = models.BinaryField(max_length=32)
    status_code = models.PositiveSmallIntegerField(null=True)
    response = models.BinaryField(null=True)
    created_at = models.DateTimeField(db_index=True)

    objects: models.Manager["IdempotencyKey"]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service_id", "key_type", "key"], name="idempotency_once")]

    def __str__(self) -> str:
        return self.key


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
