"""The minute's token bucket (public-api §11.1)."""

import time
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import redis

from services.api import throttling


def key(limit: int, service_id: Any = None, key_type: str = "normal") -> Any:
    return SimpleNamespace(
        service_id=service_id or uuid4(), key_type=key_type, service=SimpleNamespace(rate_limit_per_minute=limit)
    )


@pytest.mark.parametrize(("limit", "burst"), [(3, 1), (60, 20), (3_000, 999), (1, 1), (0, 0)])
def test_a_third_of_a_minute_may_come_at_once(limit: int, burst: int) -> None:
    mine = key(limit)
    allowed = [throttling.take(mine).allowed for _ in range(burst + 1)]
    # A fast refill may have made one more meanwhile.
    assert allowed[:burst] == [True] * burst
    assert allowed[burst] is False or limit == 3_000


def test_tokens_come_back_with_time() -> None:
    mine = key(120)
    while throttling.take(mine).allowed:
        pass
    refused = throttling.take(mine)
    assert (refused.allowed, refused.remaining, refused.retry_after) == (False, 0, 1)
    time.sleep(0.6)
    assert throttling.take(mine).allowed
    assert not throttling.take(mine).allowed


def test_services_and_key_types_have_buckets_of_their_own() -> None:
    mine = key(3)
    assert throttling.take(mine).allowed
    assert not throttling.take(mine).allowed
    assert throttling.take(key(3)).allowed
    assert throttling.take(key(3, mine.service_id, "test")).allowed


def test_headers_tell_what_is_left() -> None:
    assert throttling.take(key(60)).headers() == {
        "RateLimit-Limit": "60",
        "RateLimit-Remaining": "19",
        "RateLimit-Reset": "1",
    }


def test_without_redis_everything_passes_and_it_is_left_alone_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def away(**kwargs: Any) -> Any:
        calls.append(kwargs)
        raise redis.ConnectionError

    monkeypatch.setattr(throttling, "_client", lambda: (None, away))
    try:
        assert [throttling.take(key(3)).allowed for _ in range(3)] == [True, True, True]
        assert len(calls) == 1
    finally:
        monkeypatch.undo()
        throttling.reset()
