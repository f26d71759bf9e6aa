"""Switching endpoints off and on, by people and by the circuit breaker."""

from datetime import timedelta
from unittest.mock import ANY

import pytest
from django.core import mail

from callbacks.actions import switching
from callbacks.enums import DeliveryState
from notify.lib import clock
from notify.lib.refusals import PermissionRefused
from tests.factories.accounts import UserFactory
from tests.factories.callbacks import DeliveryFactory, EndpointFactory
from tests.factories.services import join
from tests.helpers.cast import TEAM, ServiceCast
from tests.helpers.verbs import Verb, call, suite_of


def off(cast):
    """One that the platform switched off, with a callback that waits for it."""
    failing = {"failures": 30, "failing_since": clock.now(), "rest_until": clock.now(), "warned_at": clock.now()}
    endpoint = EndpointFactory(service=cast.service, is_on=False, off_at=clock.now(), off_reason="failing", **failing)
    DeliveryFactory(endpoint=endpoint, tries=5)
    return call(endpoint)


def on(cast):
    return call(EndpointFactory(service=cast.service))


VERBS = [
    Verb(
        switching.switch_on,
        off,
        TEAM,
        {
            "CallbackDelivery.next_attempt_at": ANY,
            "CallbackDelivery.tries": 0,
            "CallbackEndpoint.failing_since": None,
            "CallbackEndpoint.failures": 0,
            "CallbackEndpoint.is_on": True,
            "CallbackEndpoint.off_at": None,
            "CallbackEndpoint.off_reason": "",
            "CallbackEndpoint.rest_until": None,
            "CallbackEndpoint.warned_at": None,
            "history": ["callback.switched_on"],
        },
        refused={"This callback is already on": on},
    ),
    Verb(
        switching.switch_off,
        on,
        TEAM,
        {
            "CallbackEndpoint.is_on": False,
            "CallbackEndpoint.off_at": ANY,
            "CallbackEndpoint.off_reason": "person",
            "history": ["callback.switched_off"],
        },
        refused={"This callback is already off": off},
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(ServiceCast, VERBS)


def noted(endpoint, *, delivered=False, failed=0, gone=False, after=timedelta(0)):
    """The health of an endpoint after a few tries: failures, resting, warned, why it is off."""
    switching.note_outcomes(endpoint, delivered=delivered, failed=failed, gone=gone, moment=clock.now() + after)
    endpoint.refresh_from_db()
    return endpoint.failures, endpoint.rest_until is not None, endpoint.warned_at is not None, endpoint.off_reason


def test_failures_add_up_and_one_success_ends_all_trouble(endpoint):
    assert noted(endpoint) == (0, False, False, "")
    assert noted(endpoint, failed=1)[0] == 1
    assert noted(endpoint, failed=30)[:2] == (31, True)
    assert noted(endpoint, delivered=True, failed=2) == (0, False, False, "")


def test_a_team_is_told_of_a_day_of_failures_once_and_of_days_of_them(endpoint, service, django_capture_on_commit_callbacks):
    join(service, UserFactory(email="api@department.gov.uk"), "manage_api_keys")
    join(service, UserFactory(), "manage_service")
    with django_capture_on_commit_callbacks(execute=True):
        noted(endpoint, failed=30)
        assert noted(endpoint, failed=1, after=timedelta(days=1, minutes=1))[2:] == (True, "")
        noted(endpoint, failed=1, after=timedelta(days=1, minutes=2))
        assert noted(endpoint, failed=100, after=timedelta(days=30))[3] == "failing"
    assert [each.to for each in mail.outbox] == [["api@department.gov.uk"], ["api@department.gov.uk"]]


def test_the_answer_gone_switches_off_at_once(endpoint):
    assert noted(endpoint, failed=1, gone=True)[3] == "gone"


def test_the_answer_gone_outweighs_what_was_delivered_just_before(endpoint):
    assert noted(endpoint, delivered=True, failed=1, gone=True) == (1, False, False, "gone")


def test_a_lock_is_only_for_those_who_manage_the_integration(endpoint, service, outsider, staff):
    assert switching.locked(endpoint, by=staff) == endpoint
    with pytest.raises(PermissionRefused):
        switching.locked(endpoint, by=outsider)


def test_what_waited_is_due_at_once_when_it_is_switched_on(service, staff):
    endpoint = EndpointFactory(service=service, is_on=False, off_at=clock.now(), off_reason="failing")
    later = clock.now() + timedelta(days=1)
    waiting, done = (
        DeliveryFactory(endpoint=endpoint, next_attempt_at=later, state=state)
        for state in (DeliveryState.WAITING, DeliveryState.DELIVERED)
    )
    switching.switch_on(endpoint, by=staff)
    waiting.refresh_from_db()
    done.refresh_from_db()
    assert (waiting.next_attempt_at < later, done.next_attempt_at == later) == (True, True)
