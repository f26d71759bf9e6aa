from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from messaging.notifications.actions import claim
from messaging.notifications.enums import Lane, QueueState
from messaging.notifications.models import DeliveryAttempt, SendQueue
from notify.lib import clock
from notify.lib.ids import uuid7
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import DeliveryAttemptFactory, send_one
from tests.factories.services import LiveServiceFactory

pytestmark = pytest.mark.django_db


def queue(count, *, service_id=None, lane=Lane.NORMAL, **fields):
    service_id = service_id or uuid7()
    values = {
        "channel": "sms",
        "not_before": clock.now() - timedelta(minutes=1),
        "give_up_at": clock.now() + timedelta(hours=4),
    } | fields
    rows = [SendQueue(id=uuid7(), service_id=service_id, lane=lane, **values) for _ in range(count)]
    SendQueue.objects.bulk_create(rows)
    return service_id


def lanes(rows):
    return [row.lane for row in sorted(rows, key=lambda row: row.lane)]


def test_urgent_lanes_go_first():
    queue(3, lane=Lane.BULK)
    queue(2, lane=Lane.URGENT)
    _, rows = claim.claim(batch=3)
    assert lanes(rows) == [Lane.URGENT, Lane.URGENT, Lane.BULK]


def test_a_large_service_leaves_room_for_a_small_one():
    large, small = queue(claim.PER_SERVICE * 3), queue(2)
    _, rows = claim.claim()
    taken = [row.service_id for row in rows]
    assert (taken.count(large), taken.count(small)) == (claim.PER_SERVICE, 2)


def test_every_tenth_turn_begins_at_the_bulk_lane():
    queue(5, lane=Lane.URGENT)
    queue(1, lane=Lane.BULK)
    _, rows = claim.claim(turn=claim.BULK_TURN - 1)
    assert lanes(rows) == [Lane.BULK]


def test_a_claim_takes_less_of_a_service_where_nothing_is_in_a_hurry():
    queue(claim.PER_SERVICE * 2, lane=Lane.BULK)
    assert len(claim.claim()[1]) == claim.PER_SERVICE_BULK


def test_every_service_gets_its_turn_however_old_it_is():
    services = [queue(10, lane=Lane.NORMAL) for _ in range(12)]
    got = set()
    for _ in range(80):
        got |= {row.service_id for row in claim.claim(batch=1)[1]}
        SendQueue.objects.update(state=QueueState.READY, not_before=clock.now() - timedelta(minutes=1))
    assert got == set(services)


def test_a_worker_may_leave_bulk_to_others():
    queue(1, lane=Lane.BULK)
    urgent = queue(1, lane=Lane.URGENT)
    normal = queue(1, lane=Lane.NORMAL)
    assert [row.service_id for row in claim.claim(upto=Lane.URGENT)[1]] == [urgent]
    assert [row.service_id for row in claim.claim(upto=Lane.NORMAL, turn=claim.BULK_TURN - 1)[1]] == [normal]
    assert claim.claim(upto=Lane.NORMAL)[1] == []
    assert (claim.due(upto=Lane.NORMAL), claim.due()) == (False, True)


def test_a_lease_is_renewed_only_for_what_is_still_ours():
    queue(2)
    token, rows = claim.claim()
    kept, lost = rows
    SendQueue.objects.filter(pk=lost.id).update(claim=uuid7())
    SendQueue.objects.filter(pk=kept.id).update(lease_until=clock.now())
    assert claim.renew([row.id for row in rows], token) == {kept.id}
    assert SendQueue.objects.get(pk=kept.id).lease_until > clock.now() + claim.LEASE - timedelta(seconds=10)


def test_a_message_that_crashed_twice_is_claimed_alone():
    queue(2)
    queue(1, crashes=1)
    queue(2, crashes=claim.ALONE_FROM)
    assert sorted(row.crashes for row in claim.claim()[1]) == [0, 0, 1]
    assert [row.crashes for row in claim.claim()[1]] == [claim.ALONE_FROM]
    queue(3)
    assert [row.crashes for row in claim.claim(turn=claim.CRASHED_TURN - 2)[1]] == [claim.ALONE_FROM]


@pytest.mark.parametrize(("lane", "late"), [(Lane.URGENT, True), (Lane.NORMAL, False), (Lane.BULK, False)])
def test_the_time_to_give_up_counts_from_the_first_try_unless_it_is_urgent(lane, late):
    queue(1, lane=lane, give_up_at=clock.now() - timedelta(seconds=1))
    assert [row.is_late for row in claim.claim()[1]] == [late]
    past = clock.now() - timedelta(minutes=1)
    SendQueue.objects.update(state=QueueState.READY, not_before=past, give_up_at=past)
    assert [row.is_late for row in claim.claim()[1]] == [True]


def test_a_message_never_waits_beyond_the_moment_at_which_it_is_given_up():
    end = clock.now() + timedelta(seconds=20)
    queue(1, lane=Lane.URGENT, give_up_at=end)
    token, (row,) = claim.claim()
    claim.release([row.id], token, [timedelta(minutes=5)])
    assert SendQueue.objects.get().not_before == end


def test_an_unknown_outcome_past_its_time_is_not_sent_again():
    queue(1, state=QueueState.UNKNOWN, give_up_at=clock.now() - timedelta(seconds=1))
    again, unconfirmed = claim.resend_held()
    assert (again, len(unconfirmed)) == (0, 1)


def test_messages_whose_time_has_not_come_stay():
    queue(2, not_before=clock.now() + timedelta(minutes=5))
    assert claim.claim()[1] == []


def test_claimed_rows_are_not_claimed_again_until_their_lease_ends():
    queue(1)
    _, first = claim.claim()
    assert (len(first), claim.claim()[1]) == (1, [])
    SendQueue.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    assert claim.expire_leases() == 1
    assert SendQueue.objects.get().state == QueueState.READY


def test_row_whose_worker_died_in_the_middle_of_a_call_waits_for_a_receipt():
    queue(1)
    _, (row,) = claim.claim()
    DeliveryAttemptFactory(notification_id=row.id, number=row.attempts, outcome="open", finished_at=None)
    SendQueue.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    claim.expire_leases()
    assert DeliveryAttempt.objects.get().outcome == DeliveryAttempt.Outcome.UNKNOWN
    held = SendQueue.objects.get()
    assert held.state == QueueState.UNKNOWN
    assert held.not_before > clock.now() + claim.HOLD - timedelta(seconds=10)


def test_unknown_outcome_is_sent_again_twice_and_then_given_up():
    queue(1, state=QueueState.UNKNOWN)
    outcomes = []
    for _ in range(claim.MAX_RESENDS + 1):
        outcomes.append(tuple(map(bool, claim.resend_held())))
        SendQueue.objects.update(state=QueueState.UNKNOWN)
    assert outcomes == [(True, False), (True, False), (False, True)]


def test_only_the_holder_of_the_token_may_finish():
    queue(1)
    token, (row,) = claim.claim()
    assert claim.owned([row.id], uuid7()) == set()
    assert claim.owned([row.id], token) == {row.id}


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_never_claim_the_same_message(monkeypatch):
    service = LiveServiceFactory()
    template = TemplateFactory(service=service)
    expected = {send_one(service, template).id for _ in range(60)}

    def work(_):
        try:
            return [row.id for row in claim.claim(batch=5)[1]]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        claimed = [i for batch in pool.map(work, range(20)) for i in batch]
    assert (len(claimed), set(claimed)) == (len(set(claimed)), expected)


def claimed(count=1):
    queue(count)
    token, rows = claim.claim()
    return token, [row.id for row in rows]


def states():
    return sorted(SendQueue.objects.values_list("state", flat=True))


def test_what_was_certainly_not_sent_waits_for_its_delay():
    token, ids = claimed(2)
    claim.release(ids, token, [timedelta(0), timedelta(hours=1)])
    rows = {row.pk: row for row in SendQueue.objects.all()}
    assert states() == [QueueState.READY, QueueState.READY]
    assert [rows[each].not_before < clock.now() + timedelta(minutes=1) for each in ids] == [True, False]


def test_what_may_have_been_sent_is_held():
    token, ids = claimed()
    claim.hold(ids, token)
    row = SendQueue.objects.get()
    assert (row.state, row.claim) == (QueueState.UNKNOWN, None)
    assert row.not_before > clock.now() + timedelta(minutes=1)


def test_what_is_paused_waits_while_its_service_is_suspended_and_no_longer():
    suspended, active = LiveServiceFactory(suspended_at=clock.now()), LiveServiceFactory()
    for service in (suspended, active):
        queue(1, service_id=service.pk)
    token, rows = claim.claim()
    claim.pause([row.id for row in rows], token)
    assert set(SendQueue.objects.values_list("state", "claim", "lease_until")) == {(QueueState.READY, None, None)}
    assert [row.service_id for row in claim.claim()[1]] == [active.pk]


def test_what_is_held_is_taken_back_for_the_very_attempt_that_it_waits_for():
    token, ids = claimed(2)
    claim.hold(ids, token)
    claim.take_back(ids, [1, 2], token)
    assert claim.renew(ids, token) == {ids[0]}
    assert states() == [QueueState.CLAIMED, QueueState.UNKNOWN]


def test_what_another_worker_has_claimed_is_not_taken_back():
    token, ids = claimed()
    claim.take_back(ids, [1], uuid7())
    assert claim.owned(ids, token) == set(ids)


def test_another_workers_rows_are_neither_released_nor_held_nor_paused():
    queue(1, service_id=LiveServiceFactory(suspended_at=clock.now()).pk)
    ids = [row.id for row in claim.claim()[1]]
    claim.release(ids, uuid7(), [timedelta(0)])
    claim.hold(ids, uuid7())
    claim.pause(ids, uuid7())
    assert states() == [QueueState.CLAIMED]


def test_something_is_due_while_it_waits_and_its_time_has_come():
    assert claim.due() is False
    queue(1, not_before=clock.now() + timedelta(minutes=5))
    assert claim.due() is False
    queue(1)
    assert claim.due() is True
    claim.claim()
    assert claim.due() is False
