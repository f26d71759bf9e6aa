"""How many requests a minute: a token bucket per service and key type, in Redis (public-api §11.1)."""

import logging
import math
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from notify.lib.api.errors import ApiError
from services.models import ApiKey

logger = logging.getLogger(__name__)

# The bucket holds a third of a minute's requests and never more than this.
MAX_BURST = 999
# Redis gets this long; when it is away, requests go through and it is not asked again for a moment.
TIMEOUT = 0.25
PAUSE = 2.0

# Tokens are whole; the time that made a part of one is kept for the next. Refused requests take nothing.
SCRIPT = """
local capacity = tonumber(ARGV[1])
local per_second = tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(bucket[1]) or capacity
local at = tonumber(bucket[2]) or now
if per_second > 0 then
  local made = math.floor((now - at) / 1000 * per_second)
  if made > 0 then
    tokens = tokens + made
    at = at + made / per_second * 1000
  end
end
if tokens >= capacity then
  tokens = capacity
  at = now
end
local allowed = 0
if tokens >= 1 then
  tokens = tokens - 1
  allowed = 1
end
redis.call('HSET', KEYS[1], 'tokens', tokens, 'at', at)
redis.call('EXPIRE', KEYS[1], 120)
local wait = 0
if per_second > 0 then
  wait = 1000 / per_second - (now - at)
end
return {allowed, tokens, math.ceil(wait)}
"""


@dataclass(frozen=True, slots=True)
class RateAllowance:
    """Whether one more request may pass, and what to tell the client about the next ones."""

    allowed: bool
    limit: int
    remaining: int
    # Seconds until the bucket is full again, and until the next request may pass.
    reset: int
    retry_after: int

    def headers(self) -> dict[str, str]:
        """The RateLimit fields of the answer."""
        found = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }
        return found if self.allowed else {**found, "Retry-After": str(self.retry_after)}


@lru_cache(maxsize=1)
def _client() -> tuple[redis.Redis, "redis.commands.core.Script"]:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)
    return client, client.register_script(SCRIPT)


_away_until = 0.0


def take(key: ApiKey) -> RateAllowance:
    """Take one token for a request with this key. Allows everything while Redis is away: the daily limit still holds."""
    global _away_until  # noqa: PLW0603 - one moment per process
    limit = key.service.rate_limit_per_minute
    capacity = min(math.ceil(limit / 3), MAX_BURST)
    if time.monotonic() < _away_until:
        return RateAllowance(True, limit, capacity, 0, 0)
    try:
        _, script = _client()
        allowed, tokens, wait = script(keys=[f"rate:{key.service_id}:{key.key_type}"], args=[capacity, limit / 60])
    except redis.RedisError as error:
        _away_until = time.monotonic() + PAUSE
        logger.warning("rate limit not checked, Redis is away: %s", type(error).__name__)
        return RateAllowance(True, limit, capacity, 0, 0)
    reset = math.ceil((capacity - tokens) * 60 / limit) if limit else 60
    retry_after = max(1, math.ceil(wait / 1000)) if limit else 60
    return RateAllowance(bool(allowed), limit, int(tokens), reset, retry_after)


class KeyRateThrottle(BaseThrottle):
    """The minute's limit of the key that asks. Its state stands in every answer; refuses with RateLimitError."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.method == "OPTIONS":
            return True
        allowance = take(view.key)
        view.answer_headers.update(allowance.headers())
        if not allowance.allowed:
            kind = {"normal": "LIVE", "team": "TEAM", "test": "TEST"}[view.key.key_type]
            message = f"Exceeded rate limit for key type {kind} of {allowance.limit} requests per 60 seconds"
            raise ApiError(429, "RateLimitError", message)
        return True


def reset() -> None:
    """Ask Redis again at once, with every bucket full (for tests)."""
    global _away_until  # noqa: PLW0603 - as above
    _away_until = 0.0
    client, _ = _client()
    for name in client.scan_iter("rate:*"):
        client.delete(name)
