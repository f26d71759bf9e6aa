"""Writing down what providers said."""

from datetime import timedelta
from decimal import Decimal

import pytest

from messaging.enums import Status
from messaging.notifications.actions import claim, outcomes
from messaging.notifications.actions.compose import Composed
from messaging.notifications.actions.prepare import prepare
from messaging.notifications.enums import QueueState
from messaging.notifications.models import DeliveryAttempt, Inflight, Notification, SendQueue
from messaging.notifications.queries.pricing import sms_rate
from messaging.providers.base import NotSent, ProviderAccepted, Rejected, Unknown
from notify.lib import clock
from notify.lib.ids import uuid7
from tests.factories.notifications import send_one, status_of
from tests.factories.services import LiveServiceFactory

pytestmark = pytest.mark.django_db
Outcome = DeliveryAttempt.Outcome


def called(**fields):
    """A text on its way to its provider, with the token under which it was claimed."""
    accepted = send_one(LiveServiceFactory(), **fields)
    SendQueue.objects.update(not_before=clock.now() - timedelta(minutes=1))
    token, rows = claim.claim()
    (call,) = prepare(rows).calls
    call.attempt.save(force_insert=True)
    return accepted, call, token


def states():
    return list(SendQueue.objects.values_list("state", flat=True))


@pytest.mark.parametrize(
    ("result", "status", "queue", "outcome"),
    [
        (ProviderAccepted("ref"), Status.SENDING, [], Outcome.ACCEPTED),
        (Rejected("No"), Status.TECHNICAL_FAILURE, [], Outcome.REJECTED),
        (NotSent("Busy"), Status.CREATED, [QueueState.READY], Outcome.NOT_SENT),
        (Unknown("Silence"), Status.CREATED, [QueueState.UNKNOWN], Outcome.UNKNOWN),
    ],
)
def test_what_a_provider_said_is_written_down(result, status, queue, outcome):
    _, call, token = called()
    outcomes.record([(call, result)], token)
    attempt = DeliveryAttempt.objects.get()
    reason = getattr(result, "reason", "")
    assert (Notification.objects.get().state, states(), attempt.outcome) == (status, queue, outcome)
    assert (attempt.detail, attempt.provider_reference or "") == (reason, "" if reason else "ref")
    assert attempt.finished_at is not None
    assert Inflight.objects.exists() is isinstance(result, ProviderAccepted)


def test_what_may_have_been_sent_has_its_price_already():
    _, call, token = called()
    outcomes.record([(call, Unknown("Silence"))], token)
    message = Notification.objects.get()
    assert (message.provider, message.billable_units, message.sent_at) == ("sandbox", 1, None)
    assert message.cost == sms_rate(clock.local_day())


def test_what_no_provider_took_in_time_fails():
    accepted, call, token = called()
    SendQueue.objects.update(give_up_at=clock.now() - timedelta(minutes=1))
    outcomes.record([(call, NotSent("Busy"))], token)
    assert (status_of(accepted), states()) == ("technical-failure", [])
    assert Notification.objects.get().status_detail == "No provider took the message in time"


@pytest.mark.parametrize(
    ("result", "status", "queue"),
    [
        (ProviderAccepted("ref"), "sending", []),
        (Rejected("No"), "created", [QueueState.CLAIMED]),
        (NotSent("Busy"), "created", [QueueState.CLAIMED]),
    ],
)
def test_of_what_another_worker_holds_only_an_acceptance_counts(result, status, queue):
    accepted, call, _ = called()
    outcomes.record([(call, result)], uuid7())
    assert (status_of(accepted), states()) == (status, queue)


def test_a_late_refusal_counts_while_the_message_is_held_for_this_very_attempt():
    accepted, call, token = called()
    SendQueue.objects.update(lease_until=clock.now() - timedelta(minutes=1))
    claim.expire_leases()
    assert SendQueue.objects.get().state == QueueState.UNKNOWN
    outcomes.record([(call, Rejected("No"))], token)
    assert (status_of(accepted), SendQueue.objects.count()) == ("technical-failure", 0)


def test_an_acceptance_of_what_a_receipt_has_settled_changes_nothing():
    accepted, call, token = called()
    SendQueue.objects.all().delete()
    outcomes.record([(call, ProviderAccepted("ref"))], token)
    assert (status_of(accepted), Inflight.objects.exists()) == ("created", False)


@pytest.mark.parametrize("recipient", ["+33612345678", "07700900555"])
def test_only_what_expects_a_receipt_is_waited_for(recipient):
    _, call, token = called(recipient=recipient)
    outcomes.record([(call, ProviderAccepted("ref"))], token)
    expected = recipient.startswith("07")
    assert (outcomes.expects_receipt(call.notification), Inflight.objects.count()) == (expected, int(expected))


@pytest.mark.parametrize(
    ("channel", "international", "expected"),
    [("sms", False, True), ("sms", True, False), ("email", False, True), ("letter", False, False), ("letter", True, False)],
)
def test_texts_abroad_and_letters_may_never_be_answered_for(channel, international, expected):
    assert outcomes.expects_receipt(Notification(channel=channel, international=international)) is expected


def test_texts_cost_by_fragment_and_country_and_letters_bring_their_price():
    composed = Composed(outgoing=None, units=3, cost=Decimal("1.25"))
    text = Notification(channel="sms", rate_multiplier=Decimal(2))
    assert outcomes.cost_of(text, composed) == 6 * sms_rate(clock.local_day())
    assert outcomes.cost_of(Notification(channel="letter"), composed) == Decimal("1.25")
