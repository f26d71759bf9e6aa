"""Closing a person's account, as their services see it."""

import pytest

from accounts import guardian
from services.models import Membership
from services.permissions import MANAGE_SERVICE
from services.slot_fillers import objections_to_archiving, remove_from_services
from tests.factories.accounts import UserFactory
from tests.factories.services import LiveServiceFactory, ServiceFactory, join

pytestmark = pytest.mark.django_db


def codes(person):
    return [reason.code for reason in objections_to_archiving(person)]


def test_a_service_objects_to_losing_its_only_member(service, manager):
    assert codes(manager) == ["alone"]


def test_a_live_service_objects_to_having_one_manager_left():
    service = LiveServiceFactory()
    first, _ = (join(service, UserFactory(), MANAGE_SERVICE) for _ in range(2))
    assert codes(first) == ["managers"]
    join(service, UserFactory(), MANAGE_SERVICE)
    assert codes(first) == []


def test_a_member_leaves_every_team_with_every_grant(service, manager, member):
    join(ServiceFactory(), member, MANAGE_SERVICE)
    remove_from_services(member)
    assert not Membership.objects.filter(user=member).exists()
    assert guardian.permissions_of(member, service) == frozenset()
