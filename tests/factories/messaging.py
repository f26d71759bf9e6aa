"""Templates, messages, spreadsheets, received texts, and the tables beside them."""

from datetime import date, timedelta
from typing import Any

import factory
from django.utils.text import slugify

from messaging.enums import Postage, Status
from messaging.inbound.models import InboundNumber, ReceivedText
from messaging.jobs.enums import JobState
from messaging.jobs.models import ContactList, Job
from messaging.letters.models import ReturnedLetter
from messaging.message_templates.models import (
    FolderAccess,
    MessageTemplate,
    TemplateDraft,
    TemplateFile,
    TemplateFolder,
    TemplateVersion,
)
from messaging.notifications.actions.accept import Accepted, MessageRequest, accept
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
from messaging.notifications.recipients import recipient_hash
from messaging.providers.models import ProviderState, ReceiptInbox, UnlistedStatus
from messaging.sandbox.models import SandboxBehaviour, SandboxMessage
from notify.lib import clock
from notify.lib.crypto import encrypt_json
from notify.lib.ids import uuid7
from notify.lib.sealed_files import seal
from services.models import IdempotencyKey, Service
from tests.factories.services import LiveServiceFactory, MembershipFactory


# --- Templates --------------------------------------------------------------------------------------------------------
class TemplateFolderFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TemplateFolder

    service = factory.SubFactory(LiveServiceFactory)
    name = factory.Sequence(lambda n: f"Folder {n}")


class FolderAccessFactory(factory.django.DjangoModelFactory):
    """A folder that a member without access to all folders may open."""

    class Meta:
        model = FolderAccess

    folder = factory.SubFactory(TemplateFolderFactory)
    membership = factory.SubFactory(
        MembershipFactory, service=factory.SelfAttribute("..folder.service"), sees_all_folders=False
    )


class TemplateFactory(factory.django.DjangoModelFactory):
    """A text message template with one version."""

    class Meta:
        model = MessageTemplate
        skip_postgeneration_save = True

    service = factory.SubFactory(LiveServiceFactory)
    channel = "sms"
    name = factory.Sequence(lambda n: f"Template {n}")
    slug = factory.LazyAttribute(lambda template: slugify(template.name))

    @factory.post_generation
    def words(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        subject = "" if self.channel == "sms" else "About ((name))"
        TemplateVersionFactory(template=self, **({"name": self.name, "subject": subject} | (extracted or {}) | kwargs))


class TemplateVersionFactory(factory.django.DjangoModelFactory):
    """The next version of a template; TemplateFactory has made the first."""

    class Meta:
        model = TemplateVersion

    template = factory.SubFactory(TemplateFactory)
    number = factory.LazyAttribute(lambda version: version.template.versions.count() + 1)
    name = factory.SelfAttribute("template.name")
    body = "Hi ((name))"


class TemplateDraftFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TemplateDraft

    template = factory.SubFactory(TemplateFactory)
    name = factory.SelfAttribute("template.name")
    body = "Hello ((name))"


class TemplateFileFactory(factory.django.DjangoModelFactory):
    """A file attached to an email template."""

    class Meta:
        model = TemplateFile

    template = factory.SubFactory(TemplateFactory, channel="email")
    filename = "leaflet.csv"
    mime_type = "text/csv"
    size = 4
    file = factory.LazyFunction(lambda: seal("template-files", str(uuid7()), b"a,b\n"))


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


# --- Messages ---------------------------------------------------------------------------------------------------------
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


class SetAsideFactory(factory.django.DjangoModelFactory):
    """A message that could not be made."""

    class Meta:
        model = SetAside

    id = factory.LazyFunction(uuid7)
    service_id = factory.LazyFunction(uuid7)
    channel = "sms"
    reason = "InvalidToken at fernet.py:1"
    set_aside_at = factory.LazyFunction(clock.now)


class InflightFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Inflight

    id = factory.LazyFunction(uuid7)
    service_id = factory.LazyFunction(uuid7)
    sent_at = factory.LazyFunction(clock.now)


class ReceiptInboxFactory(factory.django.DjangoModelFactory):
    """Something a provider told that has not been read yet."""

    class Meta:
        model = ReceiptInbox

    provider = "sandbox"
    body = b"{}"
    received_at = factory.LazyFunction(clock.now)
    next_attempt_at = factory.SelfAttribute("received_at")


class IdempotencyKeyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = IdempotencyKey

    service_id = factory.LazyFunction(uuid7)
    key_type = "normal"
    key = factory.Sequence(lambda n: f"key-{n}")
    body_hash = b"h" * 32
    created_at = factory.LazyFunction(clock.now)


# --- Figures and prices -----------------------------------------------------------------------------------------------
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


# --- Spreadsheets -----------------------------------------------------------------------------------------------------
class ContactListFactory(factory.django.DjangoModelFactory):
    """A list of one number."""

    class Meta:
        model = ContactList

    service = factory.SubFactory(LiveServiceFactory)
    name = factory.Sequence(lambda n: f"List {n}.csv")
    channel = "sms"
    row_count = 1
    file = factory.LazyFunction(lambda: seal("contact-lists", str(uuid7()), b"phone number\n07700900123\n"))


class JobFactory(factory.django.DjangoModelFactory):
    """A spreadsheet of one row that was checked and may be sent."""

    class Meta:
        model = Job

    service = factory.SelfAttribute("template.service")
    template = factory.SubFactory(TemplateFactory)
    template_version = factory.SelfAttribute("template.version")
    original_file_name = "people.csv"
    file = factory.LazyFunction(lambda: seal("jobs", str(uuid7()), b"phone number,name\n07700900123,Sam\n"))
    file_hash = factory.Sequence(lambda n: f"{n:064}")
    state = JobState.READY
    row_count = 1
    rows_checked = 1


# --- Receiving --------------------------------------------------------------------------------------------------------
class InboundNumberFactory(factory.django.DjangoModelFactory):
    """A number that no service has taken."""

    class Meta:
        model = InboundNumber

    number = factory.Sequence(lambda n: f"077009{n:05}")
    provider = "sandbox"


class ReceivedTextFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReceivedText

    service = factory.SubFactory(LiveServiceFactory)
    notify_number = "07700900111"
    user_number = "447700900123"
    user_hash = factory.LazyAttribute(lambda text: recipient_hash(f"+{text.user_number}"))
    content = "Hello"
    provider = "sandbox"


# --- People who are not to be written to, and letters that came back --------------------------------------------------
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


class ReturnedLetterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReturnedLetter

    service = factory.SubFactory(LiveServiceFactory)
    notification_id = factory.LazyFunction(uuid7)


# --- Providers and the sandbox ----------------------------------------------------------------------------------------
class ProviderStateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProviderState
        django_get_or_create = ("name", "channel")

    name = "sandbox"
    channel = "sms"


class SandboxMessageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SandboxMessage

    channel = "sms"
    to = "07700900123"
    to_hash = factory.LazyAttribute(lambda message: recipient_hash(message.to))
    text = "Hi Sam"


class SandboxBehaviourFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SandboxBehaviour
        django_get_or_create = ("channel",)

    channel = "sms"


# --- Through the real action ------------------------------------------------------------------------------------------
def send_one(service: Service, template: MessageTemplate | None = None, **fields: Any) -> Accepted:
    """Accept one message through the real action."""
    template = template or TemplateFactory(service=service)
    values: dict[str, Any] = {
        "service": service,
        "template": template,
        "version": template.versions.get(number=template.version),
        "channel": template.channel,
        "recipient": "07700900123" if template.channel == "sms" else "sam@example.com",
        "personalisation": {"name": "Sam"},
    }
    return accept(MessageRequest(**(values | fields)))


def status_of(accepted: Accepted) -> str:
    return Notification.objects.get(pk=accepted.id).state.label


class UnlistedStatusFactory(factory.django.DjangoModelFactory):
    """A word of a provider that its settings do not list."""

    class Meta:
        model = UnlistedStatus

    provider = "http-sms"
    word = factory.Sequence(lambda n: f"WORD{n}")
    count = 1
    first_seen_at = factory.LazyFunction(clock.now)
    last_seen_at = factory.LazyFunction(clock.now)
