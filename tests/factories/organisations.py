"""Organisations, their people and notices."""

import factory

from accounts import guardian
from accounts.models import User
from organisations.models import Domain, Notice, Organisation, OrganisationInvitation, OrganisationMember


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Department {n}")
    organisation_type = "central"
    crown = True
    agreement_signed = True


class DomainFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Domain

    domain = factory.Sequence(lambda n: f"department-{n}.gov.uk")
    organisation = factory.SubFactory(OrganisationFactory)


class OrganisationMemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrganisationMember

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory("tests.factories.accounts.UserFactory")


class OrganisationInvitationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrganisationInvitation

    organisation = factory.SubFactory(OrganisationFactory)
    email = factory.Sequence(lambda n: f"invited{n}@example.gov.uk")
    invited_by = factory.SubFactory("tests.factories.accounts.UserFactory")


class NoticeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Notice

    text = "Planned work on Sunday"


def belong(organisation: Organisation, user: User, *permissions: str) -> User:
    """Make somebody a member of an organisation with these permissions."""
    OrganisationMemberFactory(organisation=organisation, user=user)
    for permission in permissions:
        guardian.grant(user, permission, organisation)
    return user
