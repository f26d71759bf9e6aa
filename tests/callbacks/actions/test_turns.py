"""Turns of the dispatchers."""

from unittest.mock import Mock
from uuid import uuid4

import pytest
import redis

from callbacks.actions import turns


@pytest.fixture(autouse=True)
def _places(monkeypatch):
    """Places of this test's own: tests run side by side on one Redis."""
    monkeypatch.setattr(turns, "PLACES", f"test:{uuid4()}")


def test_no_more_dispatchers_than_the_setting_allows(settings):
    settings.CALLBACK_DISPATCHERS = 2
    taken = [turns.take_turn() for _ in range(3)]
    assert taken[2] is None
    turns.end_turn(taken[0])
    assert turns.take_turn() == taken[0]


def test_a_dispatcher_that_died_is_missed_for_a_minute(settings):
    settings.CALLBACK_DISPATCHERS = 1
    place = turns.take_turn()
    assert 0 < turns.client().pttl(place) <= 60_000


def test_without_redis_everybody_works(monkeypatch):
    monkeypatch.setattr(turns, "client", Mock(side_effect=redis.ConnectionError))
    turn = turns.take_turn()
    assert turn == ""
    turns.end_turn(turn)
    turns.end_turn("a place")
