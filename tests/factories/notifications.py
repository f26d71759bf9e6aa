"""Messages, their queue and figures, prices, documents, and people who are not to be written to."""

from datetime import date, timedelta
from typing import Any

import factory

from messaging.enums import Postage, Status
from messaging.message_templates.models import MessageTemplate
from messaging.notifications.actions.accept import AcceptedMessage, accept
from messaging.notifications.actions.checks import MessageRequest
from messaging.notifications.enums import Lane, SuppressionReason
from messaging.notifications.models import (
    Complaint,
    DeliveryAttempt,
    Document,
    Inflight,
    JobStat,
    LetterRate,
    Notification,
    NotificationContent,
    SendQueue,
    SetAside,
    SmsRate,
    StatDay,
    StatDelta,
    Suppression,
    UnsubscribeRequest,
    UsageCounter,
)
from messaging.notifications.rules.recipients import read_recipient, recipient_hash
from notify.lib import clock
from notify.lib.crypto import encrypt_json
from notify.lib.ids import uuid7
from notify.lib.sealed_files import seal
from services.models import Service
from tests.factories.message_templates import TemplateFactory
from tests.factories.services import LiveServiceFactory


class DocumentFactory(factory.django.DjangoModelFactory):
    """A file for one recipient, for half a year."""

    class Meta:
        model = Document

    service = factory.SubFactory(LiveServiceFactory)
    key_hash = b"k" * 32
    filename = "letter.csv"
    mime_type = "text/csv"
    size = 4
    file = factory.LazyFunction(lambda: seal("documents", str(uuid7()), b"a,b\n"))
    expires_at = factory.LazyFunction(lambda: clock.now() + timedelta(weeks=26))


class NotificationFactory(factory.django.DjangoModelFactory):
    """A delivered text with its sealed part; nothing waits in a queue and nothing is counted (see send_one)."""

    class Meta:
        model = Notification
        skip_postgeneration_save = True

    # The tables are partitioned by it, so it has the moment in it.
    id = factory.LazyAttribute(lambda message: uuid7(message.created_at))
    service = factory.SelfAttribute("template.service")
    template = factory.SubFactory(TemplateFactory)
    template_version = factory.SelfAttribute("template.version")
    channel = factory.SelfAttribute("template.channel")
    status = Status.DELIVERED
    created_at = factory.LazyFunction(clock.now)

    @factory.post_generation
    def content(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted is not False:
            values = {"to": "07700900123", "normalised": "+447700900123", "personalisation": {"name": "Sam"}}
            NotificationContentFactory(id=self.pk, service=self.service, sealed=encrypt_json(values | (extracted or {})))


class NotificationContentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NotificationContent

    id = factory.LazyFunction(uuid7)
    service = factory.SubFactory(LiveServiceFactory)
    sealed = factory.LazyFunction(lambda: encrypt_json({"to": "07700900123", "personalisation": {}}))


class DeliveryAttemptFactory(factory.django.DjangoModelFactory):
    """A call that a provider accepted."""

    class Meta:
        model = DeliveryAttempt

    id = factory.LazyFunction(uuid7)
    notification_id = factory.LazyFunction(uuid7)
    number = 1
    provider = "sandbox"
    started_at = factory.LazyFunction(clock.now)
    finished_at = factory.SelfAttribute("started_at")
    outcome = DeliveryAttempt.Outcome.ACCEPTED


class SendQueueFactory(factory.django.DjangoModelFactory):
    """A message that may be sent now."""

    class Meta:
        model = SendQueue

    id = factory.LazyFunction(uuid7)
    service_id = factory.LazyFunction(uuid7)
    channel = "sms"
    lane = Lane.NORMAL
    not_before = factory.LazyFunction(clock.now)
    give_up_at = factory.LazyAttribute(lambda row: row.not_before + timedelta(days=3))


class InflightFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Inflight

    id = factory.LazyFunction(uuid7)
    service_id = factory.LazyFunction(uuid7)
    sent_at = factory.LazyFunction(clock.now)


class StatDayFactory(factory.django.DjangoModelFactory):
    """One delivered text of today."""

    class Meta:
        model = StatDay

    service_id = factory.LazyFunction(uuid7)
    day = factory.LazyFunction(clock.local_day)
    template_id = factory.LazyFunction(uuid7)
    channel = "sms"
    key_type = "normal"
    status = Status.DELIVERED
    count = 1


class StatDeltaFactory(StatDayFactory):
    """The same as a change that has not been added to the day yet."""

    class Meta:
        model = StatDelta


class JobStatFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = JobStat

    job_id = factory.LazyFunction(uuid7)
    status = Status.DELIVERED
    count = 1


class UsageCounterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = UsageCounter

    service_id = factory.LazyFunction(uuid7)
    channel = "sms"
    day = factory.LazyFunction(clock.local_day)
    used = 1


class SmsRateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SmsRate

    valid_from = factory.Sequence(lambda n: date(2000, 1, 1) + timedelta(days=n))
    rate = "0.02000"


class LetterRateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LetterRate

    valid_from = factory.Sequence(lambda n: date(2000, 1, 1) + timedelta(days=n))
    postage = Postage.SECOND
    sheets = 1
    crown = True
    rate = "0.50000"


class SuppressionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Suppression

    service = factory.SubFactory(LiveServiceFactory)
    channel = "email"
    recipient = factory.Sequence(lambda n: f"stranger{n}@example.com")
    recipient_hash = factory.LazyAttribute(lambda row: recipient_hash(row.recipient))
    reason = SuppressionReason.MANUAL


class UnsubscribeRequestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = UnsubscribeRequest

    service = factory.SubFactory(LiveServiceFactory)
    notification_id = factory.LazyFunction(uuid7)
    template_id = factory.LazyFunction(uuid7)
    email_address = factory.Sequence(lambda n: f"stranger{n}@example.com")


class ComplaintFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Complaint

    service = factory.SubFactory(LiveServiceFactory)
    notification_id = factory.LazyFunction(uuid7)


def send_one(service: Service, template: MessageTemplate | None = None, **fields: Any) -> AcceptedMessage:
    """Accept one message through the real action."""
    template = template or TemplateFactory(service=service)
    values: dict[str, Any] = {
        "service": service,
        "template": (template, template.versions.get(number=template.version)),
        "channel": template.channel,
        "recipient": "07700900123" if template.channel == "sms" else "sam@example.com",
        "personalisation": {"name": "Sam"},
    } | fields
    values["recipient"] = read_recipient(template.channel, values["recipient"])
    return accept(MessageRequest(**values))


def status_of(accepted: AcceptedMessage) -> str:
    return Notification.objects.get(pk=accepted.id).state.label


class SetAsideFactory(factory.django.DjangoModelFactory):
    """A message that could not be made."""

    class Meta:
        model = SetAside

    id = factory.LazyFunction(uuid7)
    service_id = factory.LazyFunction(uuid7)
    channel = "sms"
    reason = "InvalidToken at fernet.py:1"
    set_aside_at = factory.LazyFunction(clock.now)
