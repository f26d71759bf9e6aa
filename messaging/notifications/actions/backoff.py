"""When a message that no provider took is tried again (reliability §3.3)."""

import random
from datetime import timedelta

from messaging.providers.base import NotSent

# After a provider certainly did not take a message: at once elsewhere, then slower.
BACKOFF = [0, 5, 15, 30, 60, 120]
BACKOFF_THEN = 300
JITTER = 0.2
# A provider's own wish is heard up to here.
MAX_RETRY_AFTER = 3600
# After a claim that crashed; the cause may be a fault of ours that is being mended.
CRASH_PAUSES = [30, 120]


def backoff(attempts: int) -> timedelta:
    """How long to wait after the n-th try, with jitter so that a provider's return is not a stampede."""
    return _about(BACKOFF[attempts - 1] if attempts <= len(BACKOFF) else BACKOFF_THEN)


def delay_after(result: NotSent, attempts: int, *, elsewhere: bool) -> timedelta:
    """How long to wait after a provider did not take a message.

    Another provider is asked at once after the first; otherwise a provider's own wish wins over our schedule.
    """
    if result.retry_after is None or (elsewhere and attempts == 1):
        return backoff(attempts)
    seconds = min(max(result.retry_after, 1), MAX_RETRY_AFTER)
    return timedelta(seconds=seconds * random.uniform(1, 1 + JITTER))


def crash_pause(crashes: int) -> timedelta:
    """How long to wait after the n-th claim that crashed."""
    return _about(CRASH_PAUSES[min(crashes, len(CRASH_PAUSES)) - 1])


def _about(seconds: float) -> timedelta:
    return timedelta(seconds=seconds * random.uniform(1 - JITTER, 1 + JITTER))
