from datetime import timedelta

import pytest

from messaging.notifications.actions import backoff
from messaging.providers.base import NotSent


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 0), (2, 5), (6, 120), (7, 300), (99, 300)])
def test_pauses_grow_and_vary_by_a_fifth(attempts, seconds):
    pauses = [backoff.backoff(attempts).total_seconds() for _ in range(50)]
    assert seconds * 0.8 <= min(pauses) <= max(pauses) <= seconds * 1.2


@pytest.mark.parametrize(("wish", "seconds"), [(30, 30), (0, 1), (99_999, 3600)])
def test_a_providers_own_wish_wins_within_reason(wish, seconds):
    delay = backoff.delay_after(NotSent("busy", retry_after=wish), 9, elsewhere=False).total_seconds()
    assert seconds <= delay <= seconds * 1.2


def test_another_provider_is_asked_at_once():
    assert backoff.delay_after(NotSent("busy", retry_after=30), 1, elsewhere=True) == timedelta(0)
    assert backoff.delay_after(NotSent("busy"), 1, elsewhere=False) == timedelta(0)


@pytest.mark.parametrize(("crashes", "seconds"), [(1, 30), (2, 120), (9, 120)])
def test_crashes_leave_time_to_mend_their_cause(crashes, seconds):
    assert seconds * 0.8 <= backoff.crash_pause(crashes).total_seconds() <= seconds * 1.2
