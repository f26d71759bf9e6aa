"""Telling the workers that there may be work. Losing a ring loses nothing: the sweep looks every few seconds anyway."""

import logging
from typing import Any

import redis
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from notify.lib import queues

logger = logging.getLogger(__name__)

# A ring nobody answered is rung again after this long.
_RING_LIFETIME_MS = 2_000

_client: redis.Redis | None = None


def _redis() -> redis.Redis:
    global _client  # noqa: PLW0603 - one connection pool per process
    if _client is None:
        _client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.2, socket_connect_timeout=0.2)
    return _client


def client() -> redis.Redis:
    """This process's connection to Redis, which gives up quickly."""
    return _redis()


def ring_on_commit() -> None:
    """Wake a worker once the caller's transaction is in."""
    transaction.on_commit(ring, robust=True)


def ring() -> None:
    """Wake a worker, unless one has been woken and has not looked yet. Never raises: the broker may be away."""
    from messaging.tasks import dispatch

    ring_for(dispatch, "send", queues.SEND)


def ring_receipts() -> None:
    """Wake a worker for the receipt inbox."""
    from messaging.tasks import apply_receipts

    ring_for(apply_receipts, "receipts", queues.SEND)


def ring_jobs_on_commit() -> None:
    """Wake a worker for spreadsheets once the caller's transaction is in."""
    transaction.on_commit(ring_jobs, robust=True)


def ring_jobs() -> None:
    """Wake a worker for spreadsheets."""
    from messaging.tasks import work_on_jobs

    ring_for(work_on_jobs, "jobs", queues.JOBS)


def ring_for(task: Any, bell: str, queue: str) -> None:
    """Announce a task once until somebody answers that bell. Never raises."""
    try:
        if _redis().set(f"notify:doorbell:{bell}", "1", nx=True, px=_RING_LIFETIME_MS):
            task.apply_async(queue=queue)
    except (redis.RedisError, OperationalError, OSError) as error:
        logger.warning("The doorbell did not ring: %s", error)


def answered(bell: str = "send", *, quiet_ms: int = 1) -> None:
    """A worker looks now, and goes on looking for at least `quiet_ms`: until then nobody needs to ring."""
    try:
        _redis().pexpire(f"notify:doorbell:{bell}", quiet_ms)
    except redis.RedisError as error:
        logger.warning("The doorbell could not be reset: %s", error)
