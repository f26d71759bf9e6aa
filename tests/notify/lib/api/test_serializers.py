"""What the reference's cases (tests/conformance.py) leave open."""

from typing import Any

import pytest

from messaging.notifications.api.serializers import STATUSES, NotificationsQuery, SendTextSerializer
from notify.lib.api import fields
from tests.request_shapes import faults

ID = "2ebe4da8-17be-49fe-b02f-dff2760261a0"
SMS = {"phone_number": "07700900123", "template_id": ID}


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
    assert faults(SendTextSerializer, {**SMS, **extra}) == [message]


def test_validation_tells_a_fault_once() -> None:
    assert faults(NotificationsQuery, {"status": ["x", "x"]}) == [f"status x is not one of [{', '.join(STATUSES)}]"]


@pytest.mark.parametrize("value", ["urn:uuid:" + ID, "{" + ID + "}", ID.replace("-", ""), ID.upper()])
def test_ids_are_read_in_every_form_python_knows(value: str) -> None:
    assert str(fields.parse_uuid(value)) == ID
