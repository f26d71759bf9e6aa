"""Turns of the dispatchers of callbacks: hanging receivers must not occupy every worker."""

import logging

import redis
from django.conf import settings

from notify.lib.wakeup import client

logger = logging.getLogger(__name__)

PLACES = "notify:callbacks:dispatcher"
# Longer than a dispatcher works and waits for its last calls; a dispatcher that died is missed no longer than this.
_TURN_MS = 60_000


def take_turn() -> str | None:
    """A place among the dispatchers, or None when all are taken: those at work look for new callbacks all the time.

    Without Redis everybody may work; the database shares the callbacks out in any case.
    """
    try:
        for place in range(settings.CALLBACK_DISPATCHERS):
            key = f"{PLACES}:{place}"
            if client().set(key, "1", nx=True, px=_TURN_MS):
                return key
    except redis.RedisError as error:
        logger.warning("The turns of callbacks are not kept: %s", error)
        return ""
    return None


def end_turn(turn: str) -> None:
    """Give the place back."""
    try:
        if turn:
            client().delete(turn)
    except redis.RedisError as error:
        logger.warning("A turn of callbacks was not given back: %s", error)
