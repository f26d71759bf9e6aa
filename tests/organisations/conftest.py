import pytest
from django.contrib.auth.models import Group

from notify import admin_groups
from organisations.permissions import MAKE_SERVICES_LIVE
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory, belong


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
    return belong(organisation, UserFactory(name="Olu Member"))


@pytest.fixture
def approver(organisation):
    return belong(organisation, UserFactory(name="Ana Approver"), MAKE_SERVICES_LIVE)


@pytest.fixture
def stranger(db):
    return UserFactory(name="Sam Stranger")
