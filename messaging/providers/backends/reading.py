"""Reading what providers send, which may be anything."""

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID

from messaging.enums import Status
from messaging.providers.base import UnreadableBody


def read_json(raw: bytes) -> Any:
    """The JSON value of a body, without what no database stores; refuses anything else with UnreadableBody."""
    try:
        return _storable(json.loads(raw))
    except (ValueError, RecursionError) as error:
        raise UnreadableBody(f"The body is not JSON: {error}") from error


def _storable(value: object) -> Any:
    """NUL characters and halves of surrogate pairs taken out of every string."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_storable(each) for each in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(each) for key, each in value.items()}
    return value


def status_of(word: Any) -> Status:
    """The status of a wire word; refuses another with UnreadableBody."""
    try:
        return Status.from_wire(word)
    except (KeyError, TypeError) as error:
        raise UnreadableBody(f"There is no status {word!r}") from error


def uuid_of(text: Any) -> UUID | None:
    """A UUID, or None when the text is none."""
    if isinstance(text, UUID):
        return text
    try:
        return UUID(str(text))
    except ValueError:
        return None


def moment_of(value: object) -> datetime | None:
    """A moment written as ISO 8601, as seconds since 1970 or as an HTTP date; None when it cannot be read."""
    if value in (None, ""):
        return None
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, tz=UTC)
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            found = parsedate_to_datetime(str(value))
    except (ValueError, TypeError, OverflowError, OSError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
