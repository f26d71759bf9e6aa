import json
from datetime import timedelta

import pytest
from standardwebhooks import Webhook

from audit.record import SYSTEM
from callbacks.actions import deliver, outbox
from callbacks.actions.endpoints import change_secret
from callbacks.actions.replay import replay, send_test
from callbacks.actions.switching import switch_on
from callbacks.enums import DeliveryState, OffReason
from callbacks.models import CallbackAttempt, CallbackDelivery, CallbackEndpoint
from notify.lib import clock
from notify.lib.crypto import decrypt_json
from notify.lib.outbound import Answer, OutboundFailed, OutboundRefused
from tests.helpers.callbacks import make_change, make_endpoint


def run() -> int:
    """One worker's round in this thread and transaction."""
    token = deliver.uuid4()
    claimed = deliver.claim(token, limit=50)
    deliver.finish([deliver.post(row) for row in claimed], token)
    return len(claimed)


def make_due(**fields) -> None:
    CallbackDelivery.objects.update(next_attempt_at=clock.now() - timedelta(hours=1), **fields)
    CallbackEndpoint.objects.update(rest_until=None)


@pytest.fixture
def delivery(service, endpoint) -> CallbackDelivery:
    outbox.tell_statuses([make_change(service, to="caf\u00e9@example.com", channel="email")])
    make_due()
    return CallbackDelivery.objects.get()


def test_a_callback_is_posted_as_the_contract_says_and_signed(delivery, endpoint, receiver):
    assert run() == 1
    [(url, body, headers)] = receiver.requests
    assert url == endpoint.url
    assert body == json.dumps(delivery.body).encode("ascii")
    assert b'"to": "caf\\u00e9@example.com", "status": "delivered"' in body
    assert headers["Content-Type"] == "application/json"
    assert headers["Authorization"] == "Bearer a-token-of-theirs"
    assert headers["webhook-id"] == str(delivery.pk)
    assert Webhook(endpoint.signing_secret).verify(body, headers) == delivery.body
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.last_status_code) == (DeliveryState.DELIVERED, 1, 200)
    assert run() == 0


def test_both_secrets_sign_while_they_overlap(delivery, endpoint, receiver):
    old = endpoint.signing_secret
    endpoint = change_secret(endpoint, by=SYSTEM)
    run()
    [(_, body, headers)] = receiver.requests
    assert len(headers["webhook-signature"].split()) == 2
    for secret in (old, endpoint.signing_secret):
        assert Webhook(secret).verify(body, headers) == delivery.body


def test_an_earlier_secret_whose_time_is_over_signs_no_more(delivery, endpoint, receiver):
    change_secret(endpoint, by=SYSTEM)
    CallbackEndpoint.objects.update(previous_secret_until=clock.now())
    run()
    assert len(receiver.requests[0][2]["webhook-signature"].split()) == 1


@pytest.mark.parametrize(
    ("answer", "code", "problem"),
    [
        (500, 500, ""),
        (503, 503, ""),
        (429, 429, ""),
        (404, 404, ""),
        (302, 302, ""),
        (OutboundFailed("There was no answer in time"), None, "There was no answer in time"),
        (OutboundRefused("The host has a private or reserved address"), None, "The host has a private or reserved address"),
    ],
)
def test_what_is_not_a_success_is_logged_and_tried_again_by_the_contracts_schedule(
    delivery, endpoint, receiver, answer, code, problem
):
    receiver.answer = answer
    before = clock.now()
    run()
    delivery.refresh_from_db()
    endpoint.refresh_from_db()
    assert (delivery.state, delivery.last_status_code, delivery.last_problem) == (DeliveryState.WAITING, code, problem)
    assert timedelta(seconds=300) <= delivery.next_attempt_at - before <= timedelta(seconds=335)
    assert (endpoint.failures, endpoint.is_on) == (1, True)
    [attempt] = CallbackAttempt.objects.all()
    assert (attempt.number, attempt.status_code, attempt.problem, attempt.url) == (1, code, problem, endpoint.url)


def test_the_log_keeps_both_sides_without_the_token(delivery, receiver):
    receiver.answer = Answer(status=200, headers={"X-Id": "7"}, body=b"\xff\x00" + b"y" * 5_000, cut=False, seconds=0.1)
    run()
    exchange = decrypt_json(CallbackAttempt.objects.get().exchange)
    assert exchange["request_headers"]["Authorization"] == "Bearer ••••"
    assert exchange["response_headers"] == {"X-Id": "7"}
    assert exchange["response"] == "\ufffd\ufffd" + "y" * 998


def test_retry_after_is_honoured(delivery, receiver):
    receiver.answer = Answer(status=503, headers={"Retry-After": "7200"}, body=b"", cut=False, seconds=0.1)
    before = clock.now()
    run()
    delivery.refresh_from_db()
    assert delivery.next_attempt_at - before >= timedelta(hours=2)


def test_after_the_whole_schedule_it_is_given_up_and_can_be_replayed(delivery, endpoint, receiver):
    receiver.answer = 500
    for number in range(1, 13):
        make_due()
        assert run() == 1, number
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, CallbackAttempt.objects.count()) == (DeliveryState.FAILED, 12, 12)
    assert run() == 0
    receiver.answer = 200
    assert replay(endpoint, by=SYSTEM, ids=[delivery.pk]) == 1
    make_due()
    assert run() == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.tries) == (DeliveryState.DELIVERED, 13, 1)
    assert len({headers["webhook-id"] for _, _, headers in receiver.requests}) == 1


def test_gone_switches_the_endpoint_off_and_keeps_what_follows(delivery, service, endpoint, receiver):
    receiver.answer = 410
    run()
    endpoint.refresh_from_db()
    assert (endpoint.is_on, endpoint.off_reason) == (False, OffReason.GONE)
    outbox.tell_statuses([make_change(service)])
    make_due()
    assert run() == 0
    receiver.answer = 200
    switch_on(endpoint, by=SYSTEM)
    make_due()
    assert run() == 2
    assert set(CallbackDelivery.objects.values_list("state", flat=True)) == {DeliveryState.DELIVERED}


def test_days_of_failures_switch_the_endpoint_off(delivery, endpoint, receiver):
    receiver.answer = 500
    CallbackEndpoint.objects.update(failures=9, failing_since=clock.now() - timedelta(days=5))
    run()
    endpoint.refresh_from_db()
    assert (endpoint.is_on, endpoint.off_reason, endpoint.failures) == (False, OffReason.FAILING, 10)


def test_a_success_ends_all_trouble(delivery, endpoint, receiver):
    CallbackEndpoint.objects.update(failures=9, failing_since=clock.now() - timedelta(days=6), warned_at=clock.now())
    run()
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.failing_since, endpoint.rest_until, endpoint.warned_at) == (0, None, None, None)


def test_at_most_four_of_an_endpoint_are_in_flight_and_one_while_it_fails(service, endpoint, receiver):
    outbox.tell_statuses([make_change(service) for _ in range(9)])
    make_due()
    assert len(deliver.claim(deliver.uuid4(), limit=50)) == 4
    assert deliver.claim(deliver.uuid4(), limit=50) == []
    CallbackDelivery.objects.update(state=DeliveryState.WAITING, claim=None)
    CallbackEndpoint.objects.update(failures=1)
    assert len(deliver.claim(deliver.uuid4(), limit=50)) == 1


def test_a_failing_endpoint_rests_and_others_go_on(service, endpoint, receiver):
    other = make_endpoint(service, "https://second.department.gov.uk/")
    receiver.answers = {endpoint.url: 500}
    outbox.tell_statuses([make_change(service) for _ in range(20)])
    CallbackDelivery.objects.update(next_attempt_at=clock.now() - timedelta(hours=1))
    while run():
        pass
    endpoint.refresh_from_db()
    assert endpoint.failures == 5
    assert endpoint.rest_until > clock.now()
    states = CallbackDelivery.objects.filter(endpoint=other).values_list("state", flat=True)
    assert list(states) == [DeliveryState.DELIVERED] * 20


def test_a_lost_worker_loses_nothing_and_cannot_finish_late(delivery, receiver):
    first = deliver.uuid4()
    claimed = deliver.claim(first, limit=5)
    CallbackDelivery.objects.update(lease_until=clock.now() - timedelta(hours=1))
    assert deliver.expire_leases() == 1
    assert run() == 1
    deliver.finish([deliver.post(row) for row in claimed], first)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, CallbackAttempt.objects.count()) == (DeliveryState.DELIVERED, 2, 1)


def test_a_test_goes_the_way_of_real_ones(service, endpoint, receiver):
    delivery = send_test(endpoint, by=SYSTEM)
    CallbackDelivery.objects.update(next_attempt_at=clock.now() - timedelta(hours=1))
    run()
    assert json.loads(receiver.requests[0][1]) == delivery.body


def test_a_fault_of_ours_in_one_callback_does_not_stop_the_others(service, endpoint, receiver):
    make_endpoint(service, "https://second.department.gov.uk/")
    receiver.answers = {endpoint.url: RuntimeError("bug")}
    outbox.tell_statuses([make_change(service)])
    make_due()
    run()
    assert sorted(CallbackDelivery.objects.values_list("state", flat=True)) == [
        DeliveryState.WAITING,
        DeliveryState.DELIVERED,
    ]


def test_a_worker_posts_what_is_due_until_nothing_is_left(delivery, receiver):
    assert deliver.anything_due()
    assert deliver.deliver_due(seconds=5) == (1, False)
    assert not deliver.anything_due()
    assert len(receiver.requests) == 1


def test_a_worker_whose_time_is_over_hands_over_and_takes_nothing_more(delivery, receiver):
    handed_over = []
    assert deliver.deliver_due(seconds=0, hand_over=lambda: handed_over.append(1)) == (0, True)
    assert (handed_over, receiver.requests, deliver.anything_due()) == ([1], [], True)


def test_every_secret_is_new_and_signs(delivery, endpoint):
    assert len({deliver.new_secret() for _ in range(3)}) == 3
    endpoint.signing_secret = deliver.new_secret()
    delivery.endpoint = endpoint
    headers = deliver.headers_for(delivery, b"{}", clock.now())
    assert Webhook(endpoint.signing_secret).verify(b"{}", headers) == {}
