import pytest
from django.contrib.auth.models import Group
from django.test import Client

from notify import admin_groups
from tests.factories.accounts import UserFactory


def staff_in(group):
    person = UserFactory(is_staff=True)
    person.groups.add(Group.objects.get(name=group))
    return person


@pytest.fixture
def sign_in():
    def client_of(person):
        client = Client()
        client.force_login(person)
        return client

    return client_of


@pytest.fixture
def platform_admin(db):
    return staff_in(admin_groups.PLATFORM_ADMIN)


@pytest.fixture
def support_person(db):
    return staff_in(admin_groups.SUPPORT)


@pytest.fixture
def designer(db):
    return staff_in(admin_groups.DESIGNER)
