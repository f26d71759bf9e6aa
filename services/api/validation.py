"""The shape of requests, told in the words of the wire contract (public-api §3.3, §4.2–4.7, §5.3).

Pure functions: a parsed body or query goes in, messages come out, in the contract's order, all of them at once.
Hand-written because every send passes here: a general JSON Schema validator takes ten times as long and has other words.
"""

import re
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from content import InvalidRecipient, parse_email_address, parse_phone

MAX_REFERENCE = 1000
MAX_SCHEDULE = timedelta(hours=24)
MAX_PERSONALISATION = 10_000

TEMPLATE_TYPES = ("sms", "email", "letter")
STATUSES = (
    "cancelled", "created", "sending", "sent", "delivered", "pending", "failed", "technical-failure",
    "temporary-failure", "permanent-failure", "pending-virus-check", "validation-failed", "virus-scan-failed",
    "returned-letter", "accepted", "received",
)  # fmt: skip
POSTAGE = ("first", "second", "economy")

# RFC 3986: a scheme, a colon, and nothing but the characters an address may hold.
_URI = re.compile(r"https[A-Za-z0-9+.\-]*:(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*")
_RETENTION = re.compile(r"([0-9]{1,3}) weeks?", re.IGNORECASE)

# A checker is given a value and says what is wrong with it: the message behind the field's name, or nothing.
Checker = Callable[[Any], Iterable[str]]


def _type(*names: str) -> Callable[[Any], str]:
    expected = ", ".join(names)
    return lambda value: f"{value!r} is not of type {expected}"


_NOT_OBJECT = _type("object")
_NOT_STRING = _type("string")


def parse_uuid(value: Any) -> uuid.UUID | None:
    """An id in any form Python's parser takes; None if it is none."""
    if not isinstance(value, str):
        return None
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


def parse_scheduled_for(value: str) -> datetime | None:
    """A moment from its ISO 8601 text, UTC unless it says otherwise; None if it is none."""
    try:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def retention_weeks(value: str | None) -> int | None:
    """Weeks a file is kept: 26 unless told; None for what is not 1 to 78 weeks."""
    if value is None:
        return 26
    match = _RETENTION.fullmatch(value.strip()) if isinstance(value, str) else None
    weeks = int(match[1]) if match else 0
    return weeks if 1 <= weeks <= 78 else None


# --- checkers ---------------------------------------------------------------------------------------------------------
def _uuid(value: Any) -> Iterable[str]:
    if parse_uuid(value) is None:
        yield "is not a valid UUID"


def _string(value: Any) -> Iterable[str]:
    if not isinstance(value, str):
        yield _NOT_STRING(value)
    elif "\x00" in value:
        yield "must not contain null characters"


def _reference(value: Any) -> Iterable[str]:
    yield from _string(value)
    if isinstance(value, str) and len(value) > MAX_REFERENCE:
        yield f"{value} is too long"


def _object(value: Any) -> Iterable[str]:
    if not isinstance(value, dict):
        yield _NOT_OBJECT(value)
    elif len(value) > MAX_PERSONALISATION:
        yield f"must not have more than {MAX_PERSONALISATION} keys"


def _phone_number(value: Any) -> Iterable[str]:
    if not isinstance(value, str):
        yield _NOT_STRING(value)
        return
    try:
        parse_phone(value, international_allowed=True, landlines_allowed=True)
    except InvalidRecipient as error:
        yield error.api_message


def _email_address(value: Any) -> Iterable[str]:
    if not isinstance(value, str):
        yield _NOT_STRING(value)
        return
    try:
        parse_email_address(value)
    except InvalidRecipient as error:
        yield error.api_message


def _scheduled_for(value: Any) -> Iterable[str]:
    if value is None:
        return
    if not isinstance(value, str):
        yield _type("string", "null")(value)
        return
    moment = parse_scheduled_for(value)
    now = datetime.now(UTC)
    if moment is None:
        yield (
            "datetime format is invalid. It must be a valid ISO8601 date time format, https://en.wikipedia.org/wiki/ISO_8601"
        )
    elif moment < now:
        yield "datetime can not be in the past"
    elif moment > now + MAX_SCHEDULE:
        yield "datetime can only be 24 hours in the future"


def _unsubscribe_url(value: Any) -> Iterable[str]:
    if not isinstance(value, str) or not _URI.fullmatch(value):
        yield "is not a valid https url"


def _array_or_null(value: Any) -> Iterable[str]:
    if value is not None and not isinstance(value, list):
        yield _type("array", "null")(value)


def _postage(value: Any) -> Iterable[str]:
    if not isinstance(value, str):
        yield _NOT_STRING(value)
    elif value not in POSTAGE:
        yield "invalid. It must be either first, second or economy."


def _one_of(*allowed: str) -> Checker:
    listed = ", ".join(allowed)

    def check(value: Any) -> Iterable[str]:
        if value not in allowed:
            yield f"{value} is not one of [{listed}]"

    return check


def _each_of(*allowed: str) -> Checker:
    check = _one_of(*allowed)

    def check_all(values: Any) -> Iterable[str]:
        if not isinstance(values, list):
            yield _type("array")(values)
            return
        for value in values:
            yield from check(value)

    return check_all


def _boolean(field: str) -> Checker:
    def check(value: Any) -> Iterable[str]:
        if value is not None and not isinstance(value, bool):
            yield f"Unsupported value for {field}: {value}. Use a boolean true or false value."

    return check


def _retention(value: Any) -> Iterable[str]:
    if value is not None and retention_weeks(value) is None:
        yield f"Unsupported value for retention_period: {value}. Supported periods are from 1 to 78 weeks."


def _filename(value: Any) -> Iterable[str]:
    if value is not None and (not isinstance(value, str) or "." not in value):
        yield "`filename` must end with a file extension. For example, filename.csv"


# --- schemas: fields in the order their faults are told, and which of them must be there ------------------------------
_COMMON = {"personalisation": _object, "scheduled_for": _scheduled_for}
SMS: dict[str, Checker] = {
    "reference": _reference,
    "phone_number": _phone_number,
    "template_id": _uuid,
    **_COMMON,
    "sms_sender_id": _uuid,
}
EMAIL: dict[str, Checker] = {
    "reference": _reference,
    "email_address": _email_address,
    "template_id": _uuid,
    **_COMMON,
    "email_reply_to_id": _uuid,
    "one_click_unsubscribe_url": _unsubscribe_url,
    "sanitise_content_for": _array_or_null,
}
LETTER: dict[str, Checker] = {"reference": _reference, "template_id": _uuid, "personalisation": _object}
PRECOMPILED: dict[str, Checker] = {"reference": _string, "content": _string, "postage": _postage}
FILE: dict[str, Checker] = {
    "file": _string,
    "is_csv": _boolean("is_csv"),
    "confirm_email_before_download": _boolean("confirm_email_before_download"),
    "retention_period": _retention,
    "filename": _filename,
}
NOTIFICATIONS: dict[str, Checker] = {
    "reference": _string,
    "status": _each_of(*STATUSES),
    "template_type": _each_of(*TEMPLATE_TYPES),
    "include_jobs": _one_of("true", "True"),
    "older_than": _uuid,
}
TEMPLATES: dict[str, Checker] = {"type": _one_of(*TEMPLATE_TYPES)}
RECEIVED: dict[str, Checker] = {"older_than": _uuid}


def _unexpected(data: dict[str, Any], fields: dict[str, Checker]) -> list[str]:
    names = sorted(name for name in data if name not in fields)
    if not names:
        return []
    return [f"Additional properties are not allowed ({', '.join(names)} {'was' if len(names) == 1 else 'were'} unexpected)"]


def _faults(data: dict[str, Any], fields: dict[str, Checker]) -> list[str]:
    return [f"{name} {fault}" for name, check in fields.items() if name in data for fault in check(data[name])]


def _finished(messages: list[str]) -> list[str]:
    """Without single quotes and without repetition, as the contract has it."""
    return list(dict.fromkeys(message.replace("'", "") for message in messages)) if messages else messages


def check(data: Any, fields: dict[str, Checker], required: tuple[str, ...] = ()) -> list[str]:
    """What is wrong with a body or query; empty if nothing is."""
    if not isinstance(data, dict):
        return _finished([_NOT_OBJECT(data)])
    missing = [f"{name} is a required property" for name in required if name not in data]
    return _finished(_faults(data, fields) + missing + _unexpected(data, fields))


def check_sms(data: Any) -> list[str]:
    return check(data, SMS, ("phone_number", "template_id"))


def check_email(data: Any) -> list[str]:
    return check(data, EMAIL, ("email_address", "template_id"))


def check_letter(data: Any) -> list[str]:
    return check(data, LETTER, ("template_id", "personalisation"))


def check_precompiled(data: Any) -> list[str]:
    return check(data, PRECOMPILED, ("reference", "content"))


def check_file(data: Any) -> list[str]:
    """A personalisation value that is a file (public-api §4.5)."""
    if not isinstance(data, dict):
        return _finished([_NOT_OBJECT(data)])
    messages = _unexpected(data, FILE) + _faults(data, FILE)
    if "is_csv" in data and "filename" in data:
        messages.append("Do not set a value for `is_csv` if `filename` is set.")
    return _finished(messages)


def check_notifications_query(data: dict[str, Any]) -> list[str]:
    return check(data, NOTIFICATIONS)


def check_templates_query(data: dict[str, Any]) -> list[str]:
    return check(data, TEMPLATES)


def check_received_query(data: dict[str, Any]) -> list[str]:
    return check(data, RECEIVED)


def check_preview(data: Any) -> list[str]:
    """A preview's body: only `personalisation` counts, other keys are ignored."""
    if not isinstance(data, dict):
        return _finished([_NOT_OBJECT(data)])
    return _finished(_faults(data, {"personalisation": _object}))


def check_id(data: dict[str, Any]) -> list[str]:
    """An id in the path, under the name the contract gives it."""
    return _finished([f"{name} is not a valid UUID" for name, value in data.items() if parse_uuid(value) is None])


def _check_template_preview(data: Any) -> list[str]:
    return check_id({"id": data.get("id")}) + check_preview(data) if isinstance(data, dict) else check_preview(data)


def _check_path(name: str) -> Callable[[Any], list[str]]:
    return lambda data: check(data, {name: _uuid}, (name,))


# Every schema under the name the reference's cases give it.
SCHEMAS: dict[str, tuple[Callable[[Any], list[str]], dict[str, Checker]]] = {
    "sms": (check_sms, SMS),
    "email": (check_email, EMAIL),
    "letter": (check_letter, LETTER),
    "precompiled_letter": (check_precompiled, PRECOMPILED),
    "file": (check_file, FILE),
    "notification_id": (_check_path("notification_id"), {"notification_id": _uuid}),
    "list_notifications": (check_notifications_query, NOTIFICATIONS),
    "template": (_check_path("id"), {"id": _uuid}),
    "template_preview": (_check_template_preview, {"personalisation": _object}),
    "list_templates": (check_templates_query, TEMPLATES),
    "received_texts": (check_received_query, RECEIVED),
}


def validate(schema: str, data: Any) -> list[dict[str, str]]:
    """The entries of the answer to a request of a named schema; empty if nothing is wrong."""
    messages = SCHEMAS[schema][0]({} if data is None else data)
    return [{"error": "ValidationError", "message": message} for message in messages]
