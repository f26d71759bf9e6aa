"""Telling the workers that there may be work. Losing the call loses nothing: a sweep looks every few seconds anyway."""

import logging
from typing import NamedTuple

import redis
from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

# A call that no worker answered is repeated after this long.
_LIFETIME_MS = 2_000


class WakeupCall(NamedTuple):
    """A task by its name, and the Celery queue whose workers do it."""

    task: str
    queue: str


_client: redis.Redis | None = None


def client() -> redis.Redis:
    """This process's connection to Redis, which gives up quickly."""
    global _client  # noqa: PLW0603 - one connection pool per process
    if _client is None:
        _client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.2, socket_connect_timeout=0.2)
    return _client


def wake_on_commit(call: WakeupCall) -> None:
    """Wake a worker once the caller's transaction is in."""
    transaction.on_commit(lambda: wake(call), robust=True)


def wake(call: WakeupCall) -> None:
    """Wake a worker, unless one has been woken and has not looked yet. Never raises: the broker may be away."""
    try:
        _announce(call)
    except (redis.RedisError, OperationalError, OSError) as error:
        logger.warning("No worker could be woken: %s", error)


def _announce(call: WakeupCall) -> None:
    if client().set(_key(call), "1", nx=True, px=_LIFETIME_MS):
        current_app.signature(call.task).apply_async(queue=call.queue)


def mark_awake(call: WakeupCall, *, quiet_ms: int = 1) -> None:
    """A worker looks now, and goes on looking for at least `quiet_ms`: until then nobody needs to wake one."""
    try:
        client().pexpire(_key(call), quiet_ms)
    except redis.RedisError as error:
        logger.warning("The wake-up call could not be taken back: %s", error)


def _key(call: WakeupCall) -> str:
    return f"notify:wakeup:{call.task}"
