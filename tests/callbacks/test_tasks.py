from uuid import uuid4

import pytest
import redis

from callbacks import tasks
from callbacks.actions import deliver, turns


@pytest.fixture(autouse=True)
def _places(db, monkeypatch):
    """Places of this test's own: tests run side by side on one Redis."""
    monkeypatch.setattr(turns, "PLACES", f"test:{uuid4()}")


@pytest.fixture
def rings(monkeypatch):
    found = []
    monkeypatch.setattr(tasks, "wake", lambda call: found.append(1))
    return found


def test_a_dispatcher_gives_its_place_back_and_rings_for_what_came_late(settings, monkeypatch, rings):
    settings.CALLBACK_DISPATCHERS = 1
    monkeypatch.setattr(deliver, "deliver_due", lambda hand_over: (1, False))
    monkeypatch.setattr(deliver, "anything_due", lambda: True)
    tasks.deliver()
    assert rings == [1]
    assert turns.take_turn() is not None
    tasks.deliver()
    assert rings == [1]


def test_when_time_is_up_a_successor_starts_while_the_last_answers_are_waited_for(settings, monkeypatch, rings):
    settings.CALLBACK_DISPATCHERS = 1

    def work(hand_over):
        hand_over()
        assert turns.take_turn() is not None
        return 1, True

    monkeypatch.setattr(deliver, "deliver_due", work)
    tasks.deliver()
    assert rings == [1]
    assert turns.take_turn() is None


def test_the_sweep_rings_only_when_something_is_due(monkeypatch, rings):
    for due, expected in ((False, []), (True, [1])):
        monkeypatch.setattr(deliver, "anything_due", lambda due=due: due)
        tasks.sweep()
        assert rings == expected


def test_without_redis_everybody_may_work(monkeypatch, caplog):
    monkeypatch.setattr(turns, "client", lambda: redis.Redis(port=1))
    assert turns.take_turn() == ""
    turns.end_turn("")
    assert [record.msg for record in caplog.records] == ["The turns of callbacks are not kept: %s"]


def test_a_place_that_cannot_be_given_back_stops_nothing(monkeypatch, caplog):
    turn = turns.take_turn()
    monkeypatch.setattr(turns, "client", lambda: redis.Redis(port=1))
    turns.end_turn(turn)
    assert [record.msg for record in caplog.records] == ["A turn of callbacks was not given back: %s"]
