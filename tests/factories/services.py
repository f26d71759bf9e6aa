"""Services, their teams and their keys."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from accounts import guardian
from accounts.models import User
from content import email_sender_local_part
from notify.lib import clock
from notify.lib.ids import uuid7
from services.models import (
    Allowance,
    ApiKey,
    BrandRequest,
    EmailReplyTo,
    GuestListEntry,
    IdempotencyKey,
    JoinRequest,
    LetterContact,
    Membership,
    ProtectedSenderName,
    Service,
    ServiceInvitation,
    SmsSender,
    SupportSession,
    TypeDefaults,
)
from services.permissions import MANAGE_SERVICE
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory


class SmsSenderFactory(factory.django.DjangoModelFactory):
    """A name that texts come from, beside the default one."""

    class Meta:
        model = SmsSender

    service = factory.SubFactory("tests.factories.services.ServiceFactory")
    name = "BINS"


class ServiceFactory(factory.django.DjangoModelFactory):
    """A central government service in trial mode, with a default text sender; `sender=False` makes none."""

    class Meta:
        model = Service
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Service {n}")
    normalised_name = factory.LazyAttribute(lambda service: email_sender_local_part(service.name))
    organisation_type = "central"
    organisation = factory.SubFactory(OrganisationFactory)

    @factory.post_generation
    def sender(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted is not False:
            SmsSenderFactory(service=self, name=extracted or "GOVUK", is_default=True)


class PendingServiceFactory(ServiceFactory):
    """A service whose request to go live waits for an answer."""

    state = "pending"
    go_live_requested_at = factory.LazyFunction(timezone.now)


class LiveServiceFactory(ServiceFactory):
    state = "live"
    went_live_at = factory.LazyFunction(timezone.now)


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    service = factory.SubFactory(ServiceFactory)
    user = factory.SubFactory(UserFactory)


class InvitationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ServiceInvitation

    service = factory.SubFactory(ServiceFactory)
    email = factory.Sequence(lambda n: f"invited{n}@department.gov.uk")


class ApiKeyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ApiKey

    service = factory.SubFactory(ServiceFactory)
    name = factory.Sequence(lambda n: f"Key {n}")
    normalised_name = factory.LazyAttribute(lambda key: key.name.lower().replace(" ", ""))
    key_type = "test"
    secret = factory.Faker("uuid4")


class ReplyToFactory(factory.django.DjangoModelFactory):
    """A reply-to address in use, which is not the default."""

    class Meta:
        model = EmailReplyTo

    service = factory.SubFactory(ServiceFactory)
    email_address = factory.Sequence(lambda n: f"team{n}@department.gov.uk")


class WaitingReplyToFactory(ReplyToFactory):
    """A reply-to address that nobody has confirmed yet."""

    verification_sent_at = factory.LazyFunction(clock.now)


class LetterContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LetterContact

    service = factory.SubFactory(ServiceFactory)
    block = factory.Sequence(lambda n: f"{n} High Street\nTown\nSW1A 1AA")


class GuestListEntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = GuestListEntry

    service = factory.SubFactory(ServiceFactory)
    kind = GuestListEntry.Kind.EMAIL
    recipient = factory.Sequence(lambda n: f"guest{n}@example.com")
    normalised = factory.SelfAttribute("recipient")


class JoinRequestFactory(factory.django.DjangoModelFactory):
    """Somebody's open request to join."""

    class Meta:
        model = JoinRequest

    service = factory.SubFactory(ServiceFactory)
    requester = factory.SubFactory(UserFactory)


class BrandRequestFactory(factory.django.DjangoModelFactory):
    """A team's open wish for an email brand."""

    class Meta:
        model = BrandRequest

    service = factory.SubFactory(ServiceFactory)
    kind = BrandRequest.Kind.EMAIL
    text = "A crest on blue"


class AllowanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Allowance

    service = factory.SubFactory(ServiceFactory)
    year = 2025
    free_sms_fragments = 1_000


class ProtectedSenderNameFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProtectedSenderName

    name = factory.Sequence(lambda n: f"BANK{n}")


class SupportSessionFactory(factory.django.DjangoModelFactory):
    """A session that has just begun and only looks."""

    class Meta:
        model = SupportSession

    service = factory.SubFactory(ServiceFactory)
    user = factory.SubFactory(UserFactory, is_staff=True)
    reason = "Ticket 7"
    expires_at = factory.LazyFunction(lambda: clock.now() + timedelta(minutes=30))


class TypeDefaultsFactory(factory.django.DjangoModelFactory):
    """The row of one type; migrations have filled in all of them."""

    class Meta:
        model = TypeDefaults
        django_get_or_create = ("organisation_type",)

    organisation_type = "central"


class IdempotencyKeyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = IdempotencyKey

    service_id = factory.LazyFunction(uuid7)
    key_type = "normal"
    key = factory.Sequence(lambda n: f"key-{n}")
    body_hash = b"h" * 32
    created_at = factory.LazyFunction(clock.now)


def join(service: Service, user: User, *permissions: str, **fields: Any) -> User:
    """Put somebody on a team with these permissions."""
    MembershipFactory(service=service, user=user, **fields)
    for permission in permissions:
        guardian.grant(user, permission, service)
    return user


def make_ready(service: Service) -> Service:
    """Complete the checklist of a service that will only send texts: two managers, an estimate, a template of its own."""
    for number in range(2):
        join(service, UserFactory(email=f"ready{number}.{service.pk}@department.gov.uk"), MANAGE_SERVICE)
    service.confirmed_unique = True
    service.volume_email, service.volume_sms, service.volume_letter = 0, 1000, 0
    service.save()
    add_template(service, "sms")
    return service


def add_template(service: Service, channel: str) -> Any:
    """The smallest template."""
    from tests.factories.message_templates import TemplateFactory  # noqa: PLC0415 - it needs the factories of this module

    subject = "" if channel == "sms" else "Hello"
    return TemplateFactory(
        service=service,
        channel=channel,
        name=f"Our {channel}",
        words={"subject": subject, "body": "Hi", "created_by": UserFactory()},
    )


def add_reply_to(service: Service, address: str = "team@department.gov.uk", **fields: Any) -> EmailReplyTo:
    return ReplyToFactory(service=service, email_address=address, is_default=True, **fields)
