"""Sending callbacks again, and sending a test."""

from datetime import timedelta
from unittest.mock import ANY

import pytest

from callbacks.actions import replay
from callbacks.enums import DeliveryState
from callbacks.models import CallbackDelivery
from notify.lib import clock
from notify.lib.refusals import ActionRefused
from tests.factories.callbacks import DeliveryFactory, EndpointFactory
from tests.helpers.cast import TEAM, ServiceCast
from tests.helpers.verbs import Verb, call, suite_of

OFF = {"is_on": False, "off_at": clock.now(), "off_reason": "person"}


def there(cast, **fields):
    return EndpointFactory(service=cast.service, **fields)


def failed(cast):
    endpoint = there(cast, rest_until=clock.now())
    DeliveryFactory(endpoint=endpoint, state=DeliveryState.FAILED, tries=9, attempts=9, finished_at=clock.now())
    return call(endpoint)


VERBS = [
    Verb(
        replay.replay,
        failed,
        TEAM,
        {
            "CallbackDelivery.finished_at": None,
            "CallbackDelivery.next_attempt_at": ANY,
            "CallbackDelivery.state": 0,
            "CallbackDelivery.tries": 0,
            "CallbackEndpoint.rest_until": None,
            "history": ["callback.replayed"],
        },
        refused={
            "Switch this callback on before you send anything again": lambda cast: call(there(cast, **OFF)),
            "There is nothing to send again": lambda cast: call(there(cast)),
        },
    ),
    Verb(
        replay.send_test,
        lambda cast: call(there(cast)),
        TEAM,
        {"+CallbackDelivery": 1, "history": ["callback.tested"]},
        refused={"Switch this callback on before you send a test": lambda cast: call(there(cast, **OFF))},
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(ServiceCast, VERBS)


@pytest.fixture
def rows(endpoint):
    """One of each state, made a day apart, the oldest first."""
    states = [DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.DELIVERED, DeliveryState.FAILED]
    made = [clock.now() - timedelta(days=4 - number) for number in range(4)]
    return [
        DeliveryFactory(endpoint=endpoint, state=state, created_at=moment) for state, moment in zip(states, made, strict=True)
    ]


def waiting():
    return set(CallbackDelivery.objects.filter(state=DeliveryState.WAITING).values_list("pk", flat=True))


def test_what_is_being_sent_is_left_alone_and_what_arrived_unless_asked_for(endpoint, rows, staff):
    assert replay.replay(endpoint, by=staff) == 2
    assert waiting() == {rows[0].pk, rows[3].pk}
    assert replay.replay(endpoint, only_failed=False, by=staff) == 3
    assert waiting() == {rows[0].pk, rows[2].pk, rows[3].pk}


def test_a_range_of_time_or_names_choose_what_is_sent_again(endpoint, rows, staff):
    assert replay.replay(endpoint, since=rows[1].created_at, until=rows[3].created_at, only_failed=False, by=staff) == 1
    assert replay.replay(endpoint, ids=[rows[3].pk], by=staff) == 1
    with pytest.raises(ActionRefused, match="nothing to send again"):
        replay.replay(endpoint, ids=[DeliveryFactory().pk], by=staff)


@pytest.mark.parametrize("kind", ["delivery_status", "inbound_sms", "returned_letter"])
def test_a_test_has_the_shape_of_its_kind(kind, service, staff):
    delivery = replay.send_test(EndpointFactory(service=service, kind=kind), by=staff)
    shapes = {
        "delivery_status": {"id", "reference", "to", "status", "created_at", "completed_at", "sent_at", "notification_type",
                            "template_id", "template_version"},
        "inbound_sms": {"id", "source_number", "destination_number", "message", "date_received"},
        "returned_letter": {"notification_id", "reference", "date_sent", "sent_by", "template_name", "template_id",
                            "template_version", "spreadsheet_file_name", "spreadsheet_row_number", "upload_letter_file_name"},
    }  # fmt: skip
    assert (set(delivery.body), delivery.is_test, delivery.reference) == (shapes[kind], True, "test")
