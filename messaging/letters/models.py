"""Letters that came back."""

from django.db import models

from notify.lib.ids import uuid7


class ReturnedLetter(models.Model):
    """A letter the post office brought back."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey("services.Service", on_delete=models.CASCADE, related_name="returned_letters")
    notification_id = models.UUIDField(unique=True)
    reported_at = models.DateTimeField(auto_now_add=True)

    objects: models.Manager["ReturnedLetter"]

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.notification_id)
