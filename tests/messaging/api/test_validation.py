"""The reference's cases, and what they leave open."""

import json
from pathlib import Path
from typing import Any

import pytest

from messaging.api import validation
from messaging.api.validation import (
    check,
    check_email,
    check_file,
    check_id,
    check_letter,
    check_notifications_query,
    check_precompiled,
    check_preview,
    check_received_query,
    check_sms,
    check_templates_query,
)
from notify.lib.api_errors import validation_error

CASES = Path(__file__).parents[4] / "shared" / "conformance" / "cases.jsonl"
CHECKS = {
    "sms": check_sms,
    "email": check_email,
    "letter": check_letter,
    "precompiled_letter": check_precompiled,
    "file": check_file,
    "notification_id": check_id,
    "list_notifications": check_notifications_query,
    "template": check_id,
    "list_templates": check_templates_query,
    "received_texts": check_received_query,
}
ID = "2ebe4da8-17be-49fe-b02f-dff2760261a0"
SMS = {"phone_number": "07700900123", "template_id": ID}


def _cases() -> list[Any]:
    if not CASES.exists():
        return []
    lines = map(json.loads, CASES.read_text().splitlines())
    return [c for c in lines if c["area"] == "api.request_validation" and "errors" in c["expected"]]


def _preview(data: dict[str, Any]) -> list[str]:
    return check_id({"id": data["id"]}) + check_preview(data)


@pytest.mark.parametrize("case", _cases(), ids=lambda c: json.dumps(c["input"])[:80])
def test_validation_says_what_the_reference_says(case: dict[str, Any]) -> None:
    schema, data = case["input"]["schema"], case["input"]["data"]
    checker = _preview if schema == "template_preview" else CHECKS[schema]
    faults = checker(data)
    assert (validation_error(faults).errors if faults else []) == case["expected"]["errors"]


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ({"reference": "a\x00b"}, "reference must not contain null characters"),
        ({"personalisation": {str(n): n for n in range(10_001)}}, "personalisation must not have more than 10000 keys"),
        ({"scheduled_for": 5}, "scheduled_for 5 is not of type string, null"),
        ({"sms_sender_id": None}, "sms_sender_id is not a valid UUID"),
        ({"sms_sender_id": f" {ID}"}, "sms_sender_id is not a valid UUID"),
        ({"reference": "it's" * 300}, f"reference {'its' * 300} is too long"),
    ],
)
def test_validation_refuses(extra: dict[str, Any], message: str) -> None:
    assert check_sms({**SMS, **extra}) == [message]


def test_validation_tells_a_fault_once() -> None:
    assert check({"status": ["x", "x"]}, validation.NOTIFICATIONS) == [
        f"status x is not one of [{', '.join(validation.STATUSES)}]"
    ]


@pytest.mark.parametrize("value", ["urn:uuid:" + ID, "{" + ID + "}", ID.replace("-", ""), ID.upper()])
def test_ids_are_read_in_every_form_python_knows(value: str) -> None:
    assert str(validation.parse_uuid(value)) == ID
