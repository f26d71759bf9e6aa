"""A circuit breaker for each provider and process: one that fails is left alone for a while, if another can take over.

Numbers: reliability §3.4.
"""

import logging
import threading
import time
from collections import defaultdict, deque

from messaging.providers.base import NotSent, Result, Unknown

logger = logging.getLogger(__name__)

WINDOW = 60.0
OPEN_FROM_FAILURES = 5
OPEN_FROM_SHARE = 0.2
# After this long one call at a time finds out whether the provider is back.
REST = 30.0

_lock = threading.Lock()
_calls: defaultdict[str, deque[tuple[float, bool]]] = defaultdict(deque)
_resting_until: dict[str, float] = {}
# Providers that take nothing from us, and why: a wrong address, an account that is refused.
_stopped: dict[str, str] = {}


def note(name: str, result: Result) -> None:
    """Remember what a provider's call came to. One success closes the circuit again.

    An answer that stops the provider opens it at once; the log's `provider.stopped` is an alarm.
    """
    failed = isinstance(result, NotSent | Unknown)
    moment = time.monotonic()
    with _lock:
        calls = _calls[name]
        calls.append((moment, failed))
        while calls and calls[0][0] < moment - WINDOW:
            calls.popleft()
        failures = sum(bad for _, bad in calls)
        if isinstance(result, NotSent) and result.stops:
            _stop(name, result.reason, moment)
        elif not failed and name in _resting_until:
            del _resting_until[name]
            _stopped.pop(name, None)
            calls.clear()
        elif failed and failures >= OPEN_FROM_FAILURES and failures >= OPEN_FROM_SHARE * len(calls):
            _resting_until[name] = moment + REST


def _stop(name: str, reason: str, moment: float) -> None:
    if _stopped.get(name) != reason:
        logger.error("provider.stopped provider=%s reason=%s", name, reason)
    _stopped[name] = reason
    _resting_until[name] = moment + REST


def why_stopped(name: str) -> str:
    """Why a provider takes nothing from us; empty if it may."""
    with _lock:
        return _stopped.get(name, "")


def is_resting(name: str) -> bool:
    """Whether a provider should be passed over. When its rest is over, the first to ask may try, the others wait again."""
    moment = time.monotonic()
    with _lock:
        until = _resting_until.get(name)
        if until is None:
            return False
        if until > moment:
            return True
        _resting_until[name] = moment + REST
        return False


def rests(name: str) -> bool:
    """Whether a provider rests now; asking leaves the one call that finds out to others."""
    with _lock:
        return _resting_until.get(name, 0.0) > time.monotonic()


def reset() -> None:
    """Start afresh, for tests."""
    with _lock:
        _calls.clear()
        _resting_until.clear()
        _stopped.clear()
