from datetime import timedelta

from callbacks.actions import deliver, outbox
from callbacks.actions.retention import purge_old_callbacks
from callbacks.models import CallbackAttempt, CallbackDelivery
from notify.lib import clock
from notify.lib.ids import uuid7
from tests.helpers.callbacks import make_change


def test_callbacks_go_with_the_messages_they_are_about(service, endpoint, receiver):
    old = make_change(service, notification_id=uuid7(clock.now() - timedelta(days=8)))
    new = make_change(service)
    outbox.tell_statuses([old, new])
    CallbackDelivery.objects.update(next_attempt_at=clock.now() - timedelta(hours=1))
    token = deliver.uuid4()
    deliver.finish([deliver.post(row) for row in deliver.claim(token, limit=5)], token)
    assert CallbackAttempt.objects.count() == 2
    assert purge_old_callbacks() == 1
    assert [row.subject_id for row in CallbackDelivery.objects.all()] == [new.notification_id]
    assert CallbackAttempt.objects.count() == 1


def test_a_returned_letters_callback_counts_from_the_return(service, endpoint):
    outbox.tell_statuses([make_change(service, notification_id=uuid7(clock.now() - timedelta(days=30)))])
    CallbackDelivery.objects.update(channel="letter")
    assert purge_old_callbacks() == 0
    CallbackDelivery.objects.update(created_at=clock.now() - timedelta(days=8))
    assert purge_old_callbacks() == 1
