"""Services, their teams and their keys."""

from typing import Any

import factory
from django.utils import timezone

from accounts import guardian
from accounts.models import User
from content import email_sender_local_part
from services.models import ApiKey, EmailReplyTo, Membership, Service, ServiceInvitation, SmsSender
from services.permissions import MANAGE_SERVICE
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory


class ServiceFactory(factory.django.DjangoModelFactory):
    """A central government service in trial mode."""

    class Meta:
        model = Service

    name = factory.Sequence(lambda n: f"Service {n}")
    normalised_name = factory.LazyAttribute(lambda service: email_sender_local_part(service.name))
    organisation_type = "central"
    organisation = factory.SubFactory(OrganisationFactory)

    @factory.post_generation
    def sender(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        SmsSender.objects.create(service=self, name=extracted or "GOVUK", is_default=True)


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


def join(service: Service, user: User, *permissions: str, **fields: Any) -> User:
    """Put somebody on a team with these permissions."""
    Membership.objects.create(service=service, user=user, **fields)
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
    from messaging.message_templates.models import MessageTemplate, TemplateVersion

    name = f"Our {channel}"
    template = MessageTemplate.objects.create(service=service, channel=channel, name=name, slug=f"our-{channel}")
    author = UserFactory()
    TemplateVersion.objects.create(
        template=template, number=1, name=name, subject="" if channel == "sms" else "Hello", body="Hi", created_by=author
    )
    return template


def add_reply_to(service: Service, address: str = "team@department.gov.uk", **fields: Any) -> EmailReplyTo:
    return EmailReplyTo.objects.create(service=service, email_address=address, is_default=True, **fields)
