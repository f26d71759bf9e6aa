"""Taking back a message that waits for its time."""

from datetime import timedelta
from unittest.mock import ANY

import pytest

from messaging.enums import Status
from messaging.notifications.actions import quota
from messaging.notifications.actions.cancel import cancel_scheduled
from messaging.notifications.enums import QueueState
from messaging.notifications.models import Notification, SendQueue
from notify.lib import clock
from notify.lib.ids import uuid7
from tests.factories.notifications import send_one
from tests.factories.services import ApiKeyFactory, LiveServiceFactory
from tests.helpers.cast import LiveServiceCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


def scheduled(service, **fields):
    return send_one(service, scheduled_for=clock.now() + timedelta(hours=1), **fields)


def cancel(service, notification_id):
    return cancel_scheduled(service, notification_id, by=ApiKeyFactory(service=service))


def test_a_cancelled_message_goes_back_to_the_days_allowance():
    service = LiveServiceFactory()
    kept, accepted = scheduled(service), scheduled(service)
    assert cancel(service, accepted.id).state == Status.CANCELLED
    assert quota.used_today(service, "sms") == 1
    assert SendQueue.objects.get().pk == kept.id


def test_a_text_abroad_goes_back_to_both_allowances():
    service = LiveServiceFactory()
    cancel(service, scheduled(service, recipient="+1 202 555 0123").id)
    assert (quota.used_today(service, "sms"), quota.used_today(service, quota.INTERNATIONAL)) == (0, 0)


def test_test_keys_and_yesterdays_messages_give_nothing_back():
    service = LiveServiceFactory()
    scheduled(service)
    cancel(service, scheduled(service, key_type="test").id)
    old = scheduled(service)
    Notification.objects.filter(pk=old.id).update(created_at=clock.now() - timedelta(days=1))
    cancel(service, old.id)
    assert quota.used_today(service, "sms") == 2


def test_unknown_messages_and_those_of_others_do_not_exist():
    for notification_id in (uuid7(), scheduled(LiveServiceFactory()).id):
        with pytest.raises(Notification.DoesNotExist):
            cancel(LiveServiceFactory(), notification_id)


# --- Who may, and what is written ---------------------------------------------------------------------------------
ONLY = "Only a scheduled notification can be cancelled"


def cancelling(cast, **row):
    accepted = scheduled(cast.service)
    SendQueue.objects.filter(pk=accepted.id).update(**row)
    return call(cast.service, accepted.id)


def not_scheduled(cast):
    return call(cast.service, send_one(cast.service).id)


VERBS = [
    Verb(
        cancel_scheduled,
        cancelling,
        # The API asks for the scope and finds the service by the key, so nobody else comes to this door.
        ("key",),
        {
            "+StatDelta": 2,
            "-SendQueue": 1,
            "Notification.status": int(Status.CANCELLED),
            "Notification.updated_at": ANY,
            "UsageCounter.used": 0,
        },
        left_out=LiveServiceCast.PEOPLE,
        refused={ONLY: refusing},
        case=case,
    )
    for case, refusing in {
        "sent-at-once": not_scheduled,
        "being-sent": lambda cast: cancelling(cast, state=QueueState.CLAIMED),
        "tried-before": lambda cast: cancelling(cast, attempts=1),
        "due": lambda cast: cancelling(cast, not_before=clock.now() - timedelta(seconds=1)),
    }.items()
]
test_allowed, _, test_refused, test_atomic = suite_of(LiveServiceCast, VERBS)
