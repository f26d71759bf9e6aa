"""The public API's rules for the shape of requests, as one pure function.

The messages are part of the wire contract (clients show them): ``{field} {text}`` with every single quote left out and
values written as Python writes them. Order: fields as declared, then missing ones, then unexpected ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from messaging.content.email_addresses import parse_email_address
from messaging.content.errors import InvalidRecipient
from messaging.content.phones import parse_phone

Check = Callable[..., Iterator[str]]

STATUSES: Final = [
    "cancelled",
    "created",
    "sending",
    "sent",
    "delivered",
    "pending",
    "failed",
    "technical-failure",
    "temporary-failure",
    "permanent-failure",
    "pending-virus-check",
    "validation-failed",
    "virus-scan-failed",
    "returned-letter",
    "accepted",
    "received",
]
CHANNELS: Final = ("sms", "email", "letter")
MAX_REFERENCE_LENGTH: Final = 1000
MAX_RETENTION_WEEKS: Final = 78

_HTTPS_URI: Final = re.compile(r"https[a-z0-9+.\-]*:(?:[a-zA-Z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9a-fA-F]{2})*")
_RETENTION: Final = re.compile(r"\s*(\d{1,3}) weeks?\s*", re.IGNORECASE | re.ASCII)
_JSON_TYPES: Final[dict[str, type]] = {"string": str, "object": dict, "array": list, "null": type(None), "integer": int}


def validate(schema: str, data: Any, *, now: datetime | None = None) -> list[dict[str, str]]:
    """What is wrong with a request, as the ``errors`` of the answer; an empty list if nothing is.

    ``schema`` is one of the keys of ``SCHEMAS``; ``data`` is the parsed JSON body (None counts as ``{}``), for lists
    the query as ``{name: value}`` with a list for ``status`` and ``template_type``. ``now`` (aware) is for
    ``scheduled_for``.
    """
    shape = SCHEMAS[schema]
    if data is None:
        data = {}
    if not isinstance(data, dict):
        messages = [f"{data!r} is not of type object"]
    else:
        messages = list(shape.problems(data, now or datetime.now(UTC)))
    unique = dict.fromkeys(message.replace("'", "") for message in messages)
    return [{"error": "ValidationError", "message": message} for message in unique]


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of one kind of request."""

    fields: dict[str, Check]
    required: tuple[str, ...] = ()
    extra_allowed: bool = False
    extra_first: bool = False
    whole: Callable[[dict[str, Any]], Iterator[str]] | None = None

    def problems(self, data: dict[str, Any], now: datetime) -> Iterator[str]:
        unexpected = [] if self.extra_allowed else list(self._unexpected(data))
        if self.extra_first:
            yield from unexpected
        for name, check in self.fields.items():
            if name in data:
                problems = check(data[name], now) if check is _schedule else check(data[name])
                yield from (f"{name} {problem}" for problem in problems)
        yield from (f"{name} is a required property" for name in self.required if name not in data)
        if not self.extra_first:
            yield from unexpected
        if self.whole:
            yield from self.whole(data)

    def _unexpected(self, data: dict[str, Any]) -> Iterator[str]:
        names = sorted(str(name) for name in data if name not in self.fields)
        if names:
            verb = "was" if len(names) == 1 else "were"
            yield f"Additional properties are not allowed ({', '.join(names)} {verb} unexpected)"


def _type(value: Any, *names: str) -> Iterator[str]:
    allowed = tuple(_JSON_TYPES[name] for name in names)
    if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
        yield f"{value!r} is not of type {', '.join(names)}"


def _text(value: Any, *, longest: int | None = None) -> Iterator[str]:
    if not isinstance(value, str):
        yield from _type(value, "string")
    elif longest is not None and len(value) > longest:
        yield f"{value!r} is too long"


def _uuid(value: Any) -> Iterator[str]:
    try:
        UUID(value)
    except (ValueError, TypeError, AttributeError):
        yield "is not a valid UUID"


def _phone(value: Any) -> Iterator[str]:
    if not isinstance(value, str):
        yield from _type(value, "string")
        return
    try:
        parse_phone(value, international_allowed=True, landlines_allowed=True)
    except InvalidRecipient as error:
        yield error.api_message


def _email(value: Any) -> Iterator[str]:
    if not isinstance(value, str):
        yield from _type(value, "string")
        return
    try:
        parse_email_address(value)
    except InvalidRecipient as error:
        yield error.api_message


def _https_url(value: Any) -> Iterator[str]:
    if not isinstance(value, str) or not _HTTPS_URI.fullmatch(value):
        yield "is not a valid https url"


def _postage(value: Any) -> Iterator[str]:
    if not isinstance(value, str):
        yield from _type(value, "string")
    elif value not in ("first", "second", "economy"):
        yield "invalid. It must be either first, second or economy."


def _schedule(value: Any, now: datetime) -> Iterator[str]:
    if value is None:
        return
    if not isinstance(value, str):
        yield from _type(value, "string", "null")
        return
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        yield (
            "datetime format is invalid. It must be a valid ISO8601 date time format, "
            "https://en.wikipedia.org/wiki/ISO_8601"
        )
        return
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if moment < now:
        yield "datetime can not be in the past"
    elif moment > now + timedelta(hours=24):
        yield "datetime can only be 24 hours in the future"


def _one_of(value: Any, choices: tuple[str, ...] | list[str]) -> Iterator[str]:
    if value not in choices:
        yield f"{value!r} is not one of [{', '.join(choices)}]"


def _each_of(value: Any, choices: tuple[str, ...] | list[str]) -> Iterator[str]:
    if not isinstance(value, list):
        yield from _type(value, "array")
        return
    for item in value:
        yield from _one_of(item, choices)


def _version(value: Any) -> Iterator[str]:
    problems = list(_type(value, "integer", "null"))
    if not problems and value is not None and value < 1:
        problems = [f"{value} is less than the minimum of 1"]
    yield from problems


def _flag(value: Any, *, name: str) -> Iterator[str]:
    if not (value is None or isinstance(value, bool)):
        yield f"Unsupported value for {name}: {value}. Use a boolean true or false value."


def _retention(value: Any) -> Iterator[str]:
    if value is None:
        return
    found = _RETENTION.fullmatch(value) if isinstance(value, str) else None
    if not found or not 1 <= int(found.group(1)) <= MAX_RETENTION_WEEKS:
        yield f"Unsupported value for retention_period: {value}. Supported periods are from 1 to 78 weeks."


def _file_name(value: Any) -> Iterator[str]:
    if value is not None and not isinstance(value, str):
        yield from _type(value, "string", "null")
    elif value is not None and "." not in value:
        yield "`filename` must end with a file extension. For example, filename.csv"


def _file_whole(data: dict[str, Any]) -> Iterator[str]:
    if "is_csv" in data and "filename" in data:
        yield "Do not set a value for `is_csv` if `filename` is set."


_reference = partial(_text, longest=MAX_REFERENCE_LENGTH)


def _personalisation(value: Any) -> Iterator[str]:
    return _type(value, "object")


def _array_or_null(value: Any) -> Iterator[str]:
    return _type(value, "array", "null")


SCHEMAS: Final[dict[str, Schema]] = {
    "sms": Schema(
        {
            "reference": _reference,
            "phone_number": _phone,
            "template_id": _uuid,
            "personalisation": _personalisation,
            "scheduled_for": _schedule,
            "sms_sender_id": _uuid,
        },
        required=("phone_number", "template_id"),
    ),
    "email": Schema(
        {
            "reference": _reference,
            "email_address": _email,
            "template_id": _uuid,
            "personalisation": _personalisation,
            "scheduled_for": _schedule,
            "email_reply_to_id": _uuid,
            "one_click_unsubscribe_url": _https_url,
            "sanitise_content_for": _array_or_null,
        },
        required=("email_address", "template_id"),
    ),
    "letter": Schema(
        {"reference": _reference, "template_id": _uuid, "personalisation": _personalisation},
        required=("template_id", "personalisation"),
    ),
    "precompiled_letter": Schema(
        {"reference": _text, "content": _text, "postage": _postage}, required=("reference", "content")
    ),
    "file": Schema(
        {
            "file": _text,
            "filename": _file_name,
            "is_csv": partial(_flag, name="is_csv"),
            "confirm_email_before_download": partial(_flag, name="confirm_email_before_download"),
            "retention_period": _retention,
        },
        required=("file",),
        extra_first=True,
        whole=_file_whole,
    ),
    "notification_id": Schema({"notification_id": _uuid}, required=("notification_id",)),
    "list_notifications": Schema(
        {
            "reference": _text,
            "status": partial(_each_of, choices=STATUSES),
            "template_type": partial(_each_of, choices=CHANNELS),
            "include_jobs": partial(_one_of, choices=("true", "True")),
            "older_than": _uuid,
        }
    ),
    "template": Schema({"id": _uuid, "version": _version}, required=("id",)),
    "template_preview": Schema(
        {"id": _uuid, "personalisation": _personalisation}, required=("id",), extra_allowed=True
    ),
    "list_templates": Schema({"type": partial(_one_of, choices=CHANNELS)}),
    "received_texts": Schema({"older_than": _uuid}),
}
