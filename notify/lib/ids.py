"""Time-ordered UUIDs (version 7, RFC 9562), the primary keys of everything that is written often."""

import hashlib
import hmac
import os
import time
import uuid
from datetime import UTC, datetime, timedelta

_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _since_epoch(moment: datetime, unit: timedelta) -> int:
    """Whole units since 1970, without the rounding of floating point seconds."""
    return (moment - _EPOCH) // unit


def _assemble(milliseconds: int, random_bits: int) -> uuid.UUID:
    """A version 7 UUID from a time in milliseconds and 74 random bits."""
    random_a = (random_bits >> 62) & 0xFFF
    random_b = random_bits & ((1 << 62) - 1)
    return uuid.UUID(int=(milliseconds & ((1 << 48) - 1)) << 80 | _VERSION | random_a << 64 | _VARIANT | random_b)


def uuid7(moment: datetime | None = None) -> uuid.UUID:
    """A new id that sorts by the time it was made; `moment` (aware) makes one for another time.

    The twelve bits after the millisecond hold the microsecond, so ids of one process keep their order.
    """
    nanoseconds = time.time_ns() if moment is None else _since_epoch(moment, timedelta(microseconds=1)) * 1_000
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    fraction = rest * 4096 // 1_000_000
    return _assemble(milliseconds, fraction << 62 | int.from_bytes(os.urandom(8)) >> 2)


def uuid7_floor(moment: datetime) -> uuid.UUID:
    """The smallest id of a moment: turns a time range into an id range."""
    return _assemble(_since_epoch(moment, timedelta(milliseconds=1)), 0)


def uuid7_time(value: uuid.UUID) -> datetime:
    """When an id was made, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=value.int >> 80)


def deterministic_uuid7(moment: datetime, key: bytes, *parts: object) -> uuid.UUID:
    """The same id for the same moment, key and parts.

    A spreadsheet row that is delivered twice meets its own primary key, so it never becomes a second message.
    """
    digest = hmac.new(key, "\x1f".join(map(str, parts)).encode(), hashlib.sha256).digest()
    return _assemble(_since_epoch(moment, timedelta(milliseconds=1)), int.from_bytes(digest[:10]) >> 6)
