"""Who messages say they are from, and who may be written to in trial mode."""

from django.db import models
from django.db.models import Q

from notify.lib.ids import uuid7
from notify.lib.querysets import ActiveQuerySet
from services.models.service import Service


class Sender(models.Model):
    """What the three kinds of sender share: one default per service, archived instead of deleted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    is_default = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class EmailReplyTo(Sender):
    """Where replies to a service's emails go. Verified by a real email."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="reply_to_addresses")
    email_address = models.EmailField(max_length=320)
    # Set while we wait for somebody to open the link we sent to the address; it is not used until then.
    verification_sent_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)

    objects = ActiveQuerySet["EmailReplyTo"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service"], condition=Q(is_default=True, archived_at__isnull=True), name="reply_to_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.email_address

    @property
    def is_waiting(self) -> bool:
        """Whether the address still has to be confirmed."""
        return self.verification_sent_at is not None and self.verified_at is None


class SmsSender(Sender):
    """The name or number a text comes from: 3 to 11 characters (reference: web-ui §17.5)."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="sms_senders")
    name = models.CharField(max_length=15)
    # True: a number that also receives; it cannot be changed or archived by the team.
    is_inbound_number = models.BooleanField(default=False)

    objects = ActiveQuerySet["SmsSender"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service"], condition=Q(is_default=True, archived_at__isnull=True), name="sms_sender_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LetterContact(Sender):
    """The return address at the top right of a letter; none means a blank one."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="letter_contacts")
    block = models.TextField()

    objects = ActiveQuerySet["LetterContact"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service"],
                condition=Q(is_default=True, archived_at__isnull=True),
                name="letter_contact_one_default",
            ),
        ]

    def __str__(self) -> str:
        return self.block.splitlines()[0] if self.block else ""


class GuestListEntry(models.Model):
    """Somebody outside the team whom a team key may write to (up to 5 addresses and 5 numbers)."""

    class Kind(models.TextChoices):
        EMAIL = "email"
        PHONE = "phone"

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="guest_list")
    kind = models.CharField(max_length=5, choices=Kind)
    recipient = models.CharField(max_length=320)
    # E.164 or lower case: what recipients are compared by.
    normalised = models.CharField(max_length=320)

    objects: models.Manager["GuestListEntry"]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "kind", "normalised"], name="guest_once")]

    def __str__(self) -> str:
        return self.recipient
