import pytest
from django.contrib.auth.models import Group

from accounts import guardian
from notify import admin_groups
from organisations.models import OrganisationMember
from organisations.permissions import MAKE_SERVICES_LIVE
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory


@pytest.fixture
def organisation(db):
    return OrganisationFactory(name="Department for Example")


@pytest.fixture
def platform_admin(db):
    person = UserFactory(name="Pat Platform", is_staff=True)
    person.groups.add(Group.objects.get(name=admin_groups.PLATFORM_ADMIN))
    return person


@pytest.fixture
def org_member(organisation):
    membership = OrganisationMember.objects.create(organisation=organisation, user=UserFactory(name="Olu Member"))
    return membership.user


@pytest.fixture
def approver(organisation):
    membership = OrganisationMember.objects.create(organisation=organisation, user=UserFactory(name="Ana Approver"))
    guardian.grant(membership.user, MAKE_SERVICES_LIVE, organisation)
    return membership.user


@pytest.fixture
def stranger(db):
    return UserFactory(name="Sam Stranger")
