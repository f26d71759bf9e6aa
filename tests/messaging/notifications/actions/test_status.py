import itertools
import random
from datetime import timedelta
from decimal import Decimal

import pytest

from messaging.enums import Status
from messaging.notifications.actions.statistics import roll_up_deltas
from messaging.notifications.actions.status import Move, move
from messaging.notifications.models import Inflight, Notification, SendQueue, StatDay, StatDelta
from messaging.notifications.signals import notifications_changed
from notify.lib import clock
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import InflightFactory, send_one
from tests.factories.services import LiveServiceFactory

pytestmark = pytest.mark.django_db


def put(accepted, status):
    Notification.objects.filter(pk=accepted.id).update(status=status)


@pytest.mark.parametrize(("old", "new"), list(itertools.product(Status, Status)))
def test_status_moves_only_to_a_higher_rank_and_never_away_from_a_final_one(old, new):
    accepted = send_one(LiveServiceFactory())
    put(accepted, old)
    moved = move([Move(accepted.id, new)])
    allowed = (old < Status.DELIVERED and new > old) or (old == Status.DELIVERED and new == Status.RETURNED_LETTER)
    assert bool(moved) == allowed
    assert Notification.objects.get().status == (new if allowed else old)


def test_of_several_moves_of_one_message_the_highest_rank_counts():
    accepted = send_one(LiveServiceFactory())
    changes = move([Move(accepted.id, Status.DELIVERED), Move(accepted.id, Status.PENDING), Move(accepted.id, Status.SENDING)])
    assert [(c.old, c.new) for c in changes] == [(Status.CREATED, Status.DELIVERED)]


def test_final_status_clears_the_queue_and_the_list_of_unanswered_messages():
    accepted = send_one(LiveServiceFactory())
    InflightFactory(id=accepted.id, service_id=Notification.objects.get().service_id, sent_at=clock.now())
    move([Move(accepted.id, Status.PERMANENT_FAILURE, detail="No such number")])
    assert (SendQueue.objects.count(), Inflight.objects.count()) == (0, 0)
    assert Notification.objects.get().status_detail == "No such number"


def test_sending_after_an_early_receipt_still_writes_down_provider_time_and_price():
    accepted = send_one(LiveServiceFactory())
    move([Move(accepted.id, Status.DELIVERED)])
    moment = clock.now()
    move([Move(accepted.id, Status.SENDING, provider="sandbox", sent_at=moment, billable_units=2, cost=Decimal("0.048"))])
    notification = Notification.objects.get()
    assert (notification.state, notification.provider, notification.billable_units) == (Status.DELIVERED, "sandbox", 2)
    assert (notification.sent_at, notification.cost) == (moment, Decimal("0.04800"))
    roll_up_deltas()
    day = StatDay.objects.get(status=Status.DELIVERED)
    assert (day.count, day.units, day.cost) == (1, Decimal("2.00"), Decimal("0.04800"))


def test_change_is_told_inside_the_transaction_with_all_that_a_callback_needs():
    told = []
    notifications_changed.connect(receiver := (lambda changes, **kwargs: told.extend(changes)))
    try:
        accepted = send_one(LiveServiceFactory(), reference="r-9")
        move([Move(accepted.id, Status.DELIVERED)])
    finally:
        notifications_changed.disconnect(receiver)
    assert [(c.notification_id, c.client_reference, c.old, c.new, c.channel, c.template_version) for c in told] == [
        (accepted.id, "r-9", Status.CREATED, Status.DELIVERED, "sms", 1)
    ]


def test_figures_equal_the_messages_after_any_interleaving():
    service = LiveServiceFactory()
    template = TemplateFactory(service=service)
    chance = random.Random(7)
    sent = [send_one(service, template) for _ in range(40)]
    for _ in range(200):
        accepted, status = chance.choice(sent), chance.choice(list(Status))
        move(
            [Move(accepted.id, status, billable_units=chance.choice([None, 1, 2]), cost=chance.choice([None, Decimal("0.5")]))]
        )
        if chance.random() < 0.1:
            roll_up_deltas()
    roll_up_deltas()
    counted = {}
    for notification in Notification.objects.all():
        line = counted.setdefault(notification.status, [0, Decimal(0), Decimal(0)])
        line[0] += 1
        line[1] += notification.billable_units * notification.rate_multiplier
        line[2] += notification.cost
    kept = {day.status: [day.count, day.units, day.cost] for day in StatDay.objects.all() if day.count or day.units or day.cost}
    assert kept == counted
    assert StatDelta.objects.count() == 0


def test_day_of_the_figures_is_the_local_day_of_the_message():
    accepted = send_one(LiveServiceFactory())
    Notification.objects.filter(pk=accepted.id).update(created_at=clock.now() - timedelta(days=3))
    StatDelta.objects.all().delete()
    move([Move(accepted.id, Status.DELIVERED)])
    days = {delta.day for delta in StatDelta.objects.all()}
    assert days == {clock.local_day(clock.now() - timedelta(days=3))}
