"""Getting claimed messages ready: each for itself."""

from datetime import timedelta

import pytest

from audit.record import SYSTEM
from messaging.enums import Status
from messaging.letters.actions.accept import accept_letter
from messaging.letters.actions.checks import LetterRequest
from messaging.notifications.actions import claim, prepare
from messaging.notifications.actions.status import Move
from messaging.notifications.enums import QueueState
from messaging.notifications.models import DeliveryAttempt, Notification, NotificationContent, SendQueue
from messaging.providers.base import ProviderAccepted
from notify.lib import clock
from services.actions import lifecycle
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import DeliveryAttemptFactory, send_one
from tests.factories.services import LiveServiceFactory, MembershipFactory
from tests.helpers.snapshot import snapshot

pytestmark = pytest.mark.django_db
# The database's moment stands still during a test, before all that the test makes.
PAST = timedelta(minutes=1)


def claimed(**fields):
    SendQueue.objects.update(**({"not_before": clock.now() - PAST} | fields))
    return claim.claim()[1]


def prepared(**fields):
    """What is to be done with all that waits; nothing is written."""
    rows = claimed(**fields)
    before = snapshot()
    found = prepare.prepare(rows)
    assert snapshot() == before
    return found


def failed(accepted, why):
    return [Move(accepted.id, Status.TECHNICAL_FAILURE, detail=why)]


def called(found):
    return [call.row.id for call in found.calls]


def test_a_message_is_composed_and_has_its_provider_and_its_attempt():
    accepted = send_one(LiveServiceFactory())
    (call,) = prepared().calls
    assert (call.notification.pk, call.composed.outgoing.text, call.provider_name) == (accepted.id, "Hi Sam", "sandbox")
    assert (call.attempt.notification_id, call.attempt.number, call.attempt.provider) == (accepted.id, 1, "sandbox")
    assert call.attempt.outcome == DeliveryAttempt.Outcome.OPEN


def test_message_of_an_archived_service_is_not_sent():
    service = LiveServiceFactory()
    accepted = send_one(service)
    service.archived_at = clock.now()
    service.save()
    found = prepared()
    assert found.failed == failed(accepted, "The service was archived before the message was sent")
    assert found.calls == []


def test_message_whose_content_is_gone_fails_and_stops_nobody_else():
    service = LiveServiceFactory()
    first, second = send_one(service), send_one(service)
    NotificationContent.objects.filter(pk=first.id).delete()
    found = prepared()
    assert found.failed == failed(first, "The message was deleted before it was sent")
    assert called(found) == [second.id]


@pytest.mark.parametrize(
    ("resends", "why"), [(0, "No provider took the message in time"), (1, "The provider never confirmed the message")]
)
def test_a_message_past_its_time_is_not_sent(resends, why):
    accepted = send_one(LiveServiceFactory())
    (row,) = claimed(attempts=1, resends=resends, give_up_at=clock.now() - PAST)
    assert prepare.too_late(row) == why
    found = prepare.prepare([row])
    assert (found.failed, found.calls) == (failed(accepted, why), [])


def test_a_message_of_a_suspended_service_is_paused():
    service = LiveServiceFactory()
    accepted = send_one(service)
    type(service).objects.update(suspended_at=clock.now())
    found = prepared()
    assert (found.paused, found.calls) == ([accepted.id], [])


@pytest.mark.parametrize("stopped", [{"suspended_at": clock.now()}, {"archived_at": clock.now()}])
def test_what_a_provider_has_taken_is_accepted_whatever_became_of_its_service(stopped):
    service = LiveServiceFactory()
    accepted = send_one(service)
    taken = DeliveryAttemptFactory(notification_id=accepted.id, provider="sandbox", provider_reference="ref")
    type(service).objects.update(**stopped)
    found = prepared(attempts=1, give_up_at=clock.now() - PAST)
    ((call, answer),) = found.accepted
    assert (call.row.id, call.attempt, call.provider_name, answer) == (accepted.id, taken, "sandbox", ProviderAccepted("ref"))
    assert (found.calls, found.failed, found.paused) == ([], [], [])


def test_a_test_keys_message_is_simulated():
    accepted = send_one(LiveServiceFactory(), key_type="test")
    found = prepared()
    ((notification, content),) = found.simulated
    assert (notification.pk, content["to"], found.calls) == (accepted.id, "07700900123", [])


def test_a_message_waits_when_no_provider_can_take_it(settings):
    accepted = send_one(LiveServiceFactory())
    settings.SMS_PROVIDERS = []
    found = prepared()
    assert [i for i, _ in found.waiting] == [accepted.id]
    assert (found.calls, found.failed, found.broken) == ([], [], [])


def test_the_next_try_is_with_another_provider(settings):
    accepted = send_one(LiveServiceFactory())
    settings.SMS_PROVIDERS = ["sandbox", "http-sms"]
    for provider, other in (("sandbox", "http-sms"), ("http-sms", "sandbox")):
        DeliveryAttempt.objects.all().delete()
        DeliveryAttemptFactory(notification_id=accepted.id, provider=provider, outcome=DeliveryAttempt.Outcome.NOT_SENT)
        found = prepared(attempts=1, state=QueueState.READY)
        assert [call.provider_name for call in found.calls] == [other]


def test_a_message_that_breaks_stops_nobody_else_and_its_words_are_not_told():
    service = LiveServiceFactory()
    poison, other = send_one(service), send_one(service)
    NotificationContent.objects.filter(pk=poison.id).update(sealed=b"nobody opens this")
    found = prepared()
    ((row, why),) = found.broken
    assert (row.id, called(found)) == (poison.id, [other.id])
    assert why.startswith("InvalidToken at ")
    assert "nobody" not in why


@pytest.mark.parametrize("on_the_team", [False, True])
def test_a_scheduled_message_of_a_service_back_on_trial_goes_to_its_team_only(on_the_team):
    service = LiveServiceFactory()
    person = MembershipFactory(service=service, user__mobile_number="+447700900123").user
    to = person.mobile_number if on_the_team else "07700900555"
    accepted = send_one(service, recipient=to, scheduled_for=clock.now() + timedelta(hours=1))
    lifecycle.return_to_trial(service, reason="Unsuitable", by=SYSTEM)
    found = prepared()
    why = "The service went back to trial mode, and the recipient is not on its team"
    assert found.failed == ([] if on_the_team else failed(accepted, why))
    assert called(found) == ([accepted.id] if on_the_team else [])


def test_a_service_back_on_trial_sends_no_letters_that_were_to_go_later():
    service = LiveServiceFactory()
    template = TemplateFactory(service=service, channel="letter")
    address = {"address_line_1": "Sam", "address_line_2": "1 High Street", "address_line_3": "SW1A 1AA", "name": "Sam"}
    accepted = accept_letter(LetterRequest(service, template.pk, address))
    Notification.objects.update(scheduled_for=clock.now())
    lifecycle.return_to_trial(service, reason="Unsuitable", by=SYSTEM)
    assert prepared().failed == failed(accepted, "The service went back to trial mode, which sends no letters")
