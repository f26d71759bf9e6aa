"""What becomes of messages of test keys."""

import pytest

from messaging.enums import Status
from messaging.notifications.actions.simulate import simulate
from messaging.notifications.models import Notification
from notify.lib import clock
from notify.lib.ids import uuid7


def steps(to, channel="sms", **fields):
    message = Notification(id=uuid7(), channel=channel, created_at=clock.now(), **fields)
    return [[move.status for move in moves] for moves in simulate([(message, {"normalised": to})])]


@pytest.mark.parametrize(
    ("to", "channel", "end"),
    [
        ("+447700900001", "sms", Status.DELIVERED),
        ("+447700900002", "sms", Status.PERMANENT_FAILURE),
        ("+447700900003", "sms", Status.TEMPORARY_FAILURE),
        ("sam@example.com", "email", Status.DELIVERED),
        ("perm-fail@simulator.notify", "email", Status.PERMANENT_FAILURE),
        ("temp-fail@simulator.notify", "email", Status.TEMPORARY_FAILURE),
        ("1 High Street", "letter", Status.DELIVERED),
    ],
)
def test_the_recipient_stands_for_the_end(to, channel, end):
    assert steps(to, channel) == [[Status.SENDING], [end]]


def test_texts_abroad_are_sent_and_north_america_tells_nothing_more():
    assert steps("+33612345678", international=True) == [[Status.SENT], [Status.DELIVERED]]
    assert steps("+12025550123", international=True) == [[Status.SENT], []]


def test_only_letters_keep_no_moment_of_sending():
    moments = {}
    for channel in ("sms", "letter"):
        message = Notification(id=uuid7(), channel=channel, created_at=clock.now())
        moments[channel] = simulate([(message, {"normalised": ""})])[0][0].sent_at
    assert (moments["sms"] is None, moments["letter"]) == (False, None)
