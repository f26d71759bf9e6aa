"""Fields of the wire contract: REST framework's own, with the contract's words for what is wrong (public-api §3.3).

A fault is told behind the field's name, so messages begin without it.
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from rest_framework import serializers
from rest_framework.fields import empty

from notify.lib import clock

# In the order in which the contract names them.
MAX_REFERENCE = 1000
MAX_SCHEDULE = timedelta(hours=24)
MAX_PERSONALISATION = 10_000


def parse_uuid(value: Any) -> uuid.UUID | None:
    """An id in any form Python's parser takes; None if it is none."""
    if not isinstance(value, str):
        return None
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


def refuse(*faults: str) -> NoReturn:
    raise serializers.ValidationError(list(faults))


class WireField(serializers.Field):
    """A field that says what is wrong as the contract does. Null is a fault unless the contract lets it stand."""

    kind = "string"

    def run_validation(self, data: Any = empty) -> Any:
        return None if data is None and self.allow_null else self.to_internal_value(data)

    def wrong_type(self, value: Any) -> NoReturn:
        refuse(f"{value!r} is not of type {self.kind}{', null' if self.allow_null else ''}")


class Text(WireField, serializers.CharField):
    def __init__(self, **more: Any) -> None:
        super().__init__(allow_blank=True, **more)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.wrong_type(data)
        faults = ["must not contain null characters"] if "\x00" in data else []
        if self.max_length is not None and len(data) > self.max_length:
            faults.append(f"{data} is too long")
        if faults:
            refuse(*faults)
        return data


class Reference(Text):
    def __init__(self, **more: Any) -> None:
        words = "Your own name for the message, to find it again by."
        super().__init__(**{"required": False, "max_length": MAX_REFERENCE, "help_text": words, **more})


class Id(WireField, serializers.UUIDField):
    def to_internal_value(self, data: Any) -> uuid.UUID:
        return parse_uuid(data) or refuse("is not a valid UUID")


class Moment(WireField, serializers.DateTimeField):
    """UTC with six decimals and a Z."""

    def to_representation(self, value: datetime) -> str | None:
        return clock.wire(value)


class ScheduledFor(Moment):
    def __init__(self, **more: Any) -> None:
        words = "When to send: at most 24 hours ahead. Until then the message can be cancelled."
        super().__init__(**{"required": False, "allow_null": True, "help_text": words, **more})

    def to_internal_value(self, data: Any) -> datetime:
        """A moment from its ISO 8601 text, UTC unless it says otherwise."""
        if not isinstance(data, str):
            self.wrong_type(data)
        moment, now = _moment(data), datetime.now(UTC)
        if moment is None:
            refuse(
                "datetime format is invalid. It must be a valid ISO8601 date time format, "
                "https://en.wikipedia.org/wiki/ISO_8601"
            )
        if moment < now:
            refuse("datetime can not be in the past")
        if moment > now + MAX_SCHEDULE:
            refuse("datetime can only be 24 hours in the future")
        return moment


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


class OneOf(WireField, serializers.ChoiceField):
    def to_internal_value(self, data: Any) -> Any:
        # Not everything in a JSON body can be looked up in a dictionary.
        if data not in tuple(self.choices):
            refuse(f"{data} is not one of [{', '.join(self.choices)}]")
        return data


class SomeOf(WireField, serializers.ListField):
    """A parameter of the query that may be repeated."""

    def __init__(self, choices: Sequence[str], **more: Any) -> None:
        super().__init__(child=OneOf(list(choices)), required=False, **more)

    def to_internal_value(self, data: Any) -> list[Any]:
        if not isinstance(data, list):
            refuse(f"{data!r} is not of type array")
        faults = [fault for value in data for fault in _faults(self.child, value)]
        return refuse(*faults) if faults else data


def _faults(field: serializers.Field, value: Any) -> list[str]:
    try:
        field.run_validation(value)
    except serializers.ValidationError as error:
        return sentences(error)
    return []


def sentences(error: serializers.ValidationError) -> list[str]:
    """What a field of the contract refused with, as plain texts."""
    return [str(fault) for fault in error.detail]


class Items(WireField, serializers.ListField):
    """A list of anything, which is looked at later."""

    kind = "array"

    def to_internal_value(self, data: Any) -> list[Any]:
        if not isinstance(data, list):
            self.wrong_type(data)
        if len(data) < (self.min_length or 0):
            refuse("must have at least one item")
        if self.max_length is not None and len(data) > self.max_length:
            refuse(f"must not have more than {self.max_length} items")
        return data


class Personalisation(WireField, serializers.DictField):
    kind = "object"

    def __init__(self, **more: Any) -> None:
        words = "A value for each placeholder of the template. Case, spaces, - and _ in the names do not matter."
        super().__init__(**{"help_text": words, **more})

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.wrong_type(data)
        if len(data) > MAX_PERSONALISATION:
            refuse(f"must not have more than {MAX_PERSONALISATION} keys")
        return data
