"""Reminders of keys and access that end."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction

from notify.lib import clock
from services.actions.reminders import remind_of_ending_access, remind_of_ending_keys
from services.models import ApiKey, Membership
from tests.factories.services import ApiKeyFactory
from tests.helpers.rivals import elsewhere

pytestmark = pytest.mark.django_db


def in_days(days):
    return clock.now() + timedelta(days=days)


@pytest.mark.parametrize(("days", "due"), [(31, None), (29.5, 30), (6.5, 7), (0.5, 1)])
def test_managers_hear_of_a_key_that_ends(days, due, service, manager, member, django_capture_on_commit_callbacks):
    key = ApiKeyFactory(service=service, expires_at=in_days(days))
    with django_capture_on_commit_callbacks(execute=True):
        assert remind_of_ending_keys() == (1 if due else 0)
        assert remind_of_ending_keys() == 0
    key.refresh_from_db()
    assert key.reminded_days == due
    assert [each.to for each in mail.outbox] == ([[manager.email]] if due else [])


def test_there_are_three_reminders(service, manager):
    key = ApiKeyFactory(service=service, expires_at=in_days(20))
    counts = []
    for days in (20, 6, 5, 0.5):
        ApiKey.objects.filter(pk=key.pk).update(expires_at=in_days(days))
        counts.append(remind_of_ending_keys())
    assert counts == [1, 1, 0, 1]


def test_keys_that_do_not_work_are_left_alone(service, manager):
    ApiKeyFactory(service=service, expires_at=in_days(5), revoked_at=clock.now())
    ApiKeyFactory(service=service, expires_at=in_days(-1))
    assert remind_of_ending_keys() == 0


def test_people_hear_of_their_access_once(service, manager, member, django_capture_on_commit_callbacks):
    Membership.objects.filter(user=member).update(expires_at=in_days(6))
    with django_capture_on_commit_callbacks(execute=True):
        assert (remind_of_ending_access(), remind_of_ending_access()) == (1, 0)
    assert [(each.to, each.subject) for each in mail.outbox] == [([member.email], "Your access to Bin collections ends soon")]


@pytest.mark.django_db(transaction=True)
def test_what_another_run_is_at_is_left_to_it(service, member):
    key = ApiKeyFactory(service=service, expires_at=in_days(5))
    Membership.objects.filter(user=member).update(expires_at=in_days(6))
    with transaction.atomic():
        list(ApiKey.objects.select_for_update().filter(pk=key.pk))
        list(Membership.objects.select_for_update().filter(user=member))
        assert (elsewhere(remind_of_ending_keys), elsewhere(remind_of_ending_access)) == (0, 0)
    assert (elsewhere(remind_of_ending_keys), elsewhere(remind_of_ending_access)) == (1, 1)
