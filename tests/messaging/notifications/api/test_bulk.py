"""Many messages in one request, each with an answer of its own."""

from datetime import timedelta
from typing import Any

import pytest

from messaging.message_templates.api.serializers import url
from messaging.message_templates.models import MessageTemplate
from messaging.notifications.enums import Lane
from messaging.notifications.models import Notification, SendQueue, UsageCounter
from notify.lib import clock
from services.models import Service
from tests.helpers.api import Api, error, make_key, make_service, make_template

pytestmark = pytest.mark.django_db

BULK = "/v2/notifications/bulk"


def body(template: MessageTemplate, rows: list[Any], **more: Any) -> dict[str, Any]:
    return {"template_id": str(template.pk), "notifications": rows, **more}


def row(name: str | None = "Sam", number: str = "07700900123", **more: Any) -> dict[str, Any]:
    return {"phone_number": number, "personalisation": {"name": name}, **more}


def test_every_row_is_answered(api: Api, sms_template: MessageTemplate) -> None:
    rows = [row(reference="r"), row(None), row(number="abc"), 5, row(x=1), row(number="07700900000")]
    status, answer = api.post(BULK, body(sms_template, rows))
    stored = Notification.objects.get()
    results = answer.pop("results")
    assert (status, answer) == (
        201,
        {"template": {"id": str(sms_template.pk), "version": 1}, "scheduled_for": None, "accepted": 2, "refused": 4},
    )
    assert results[0] == {
        "index": 0,
        "status": "accepted",
        "id": str(stored.pk),
        "uri": f"{url('/v2/notifications/')}{stored.pk}",
    }
    assert [(r["index"], r["errors"][0]["error"], r["errors"][0]["message"]) for r in results[1:5]] == [
        (1, "BadRequestError", "Missing personalisation: name"),
        (2, "ValidationError", "phone_number Must not contain letters or symbols"),
        (3, "ValidationError", "5 is not of type object"),
        (4, "ValidationError", "Additional properties are not allowed (x was unexpected)"),
    ]
    assert results[5]["status"] == "accepted"
    assert (stored.client_reference, stored.lane) == ("r", Lane.BULK)
    assert SendQueue.objects.count() == 1
    assert UsageCounter.objects.get().used == 1
    assert api.headers["RateLimit-Remaining-Today"] == "249999"


def test_emails_at_a_time(api: Api, email_template: MessageTemplate) -> None:
    moment = clock.now() + timedelta(hours=1)
    rows = [{"email_address": f"{n}@example.com", "personalisation": {"name": "a.b"}} for n in range(3)]
    more = {"scheduled_for": moment.isoformat(), "sanitise_content_for": ["name"]}
    status, answer = api.post(BULK, body(email_template, rows, **more))
    assert (status, answer["accepted"], answer["scheduled_for"]) == (201, 3, clock.wire(moment))
    assert {row.not_before for row in SendQueue.objects.all()} == {moment}
    assert api.get("/v2/notifications")[1]["notifications"][0]["body"] == "Hi a\\.b"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "notifications must have at least one item"),
        (5, "notifications 5 is not of type array"),
        ([{}] * 10_001, "notifications must not have more than 10000 items"),
    ],
)
def test_what_is_no_list_of_rows_is_refused(api: Api, sms_template: MessageTemplate, rows: Any, message: str) -> None:
    assert api.post(BULK, body(sms_template, rows)) == error(400, "ValidationError", message)


def test_more_than_today_allows_is_refused_whole(api: Api, sms_template: MessageTemplate) -> None:
    Service.objects.update(sms_limit_override=2)
    assert api.post(BULK, body(sms_template, [row()] * 3)) == error(
        429, "TooManyRequestsError", "Exceeded send limits (sms: 2) for today"
    )
    assert Notification.objects.count() == 0
    assert api.post(BULK, body(sms_template, [row()] * 2))[0] == 201


def test_letters_and_other_services_templates_are_refused(api: Api, letter_template: MessageTemplate) -> None:
    assert api.post(BULK, body(letter_template, [{}])) == error(
        400, "BadRequestError", "letter template is not suitable for bulk notification"
    )
    foreign = make_template(make_service("Other"), "sms")
    assert api.post(BULK, body(foreign, [row()])) == error(400, "BadRequestError", "Template not found")


def test_scopes_hold(service: Service, sms_template: MessageTemplate) -> None:
    api = Api(make_key(service, scopes=["send_email"]))
    assert api.post(BULK, body(sms_template, [row()]))[0] == 403


def test_files_are_refused(api: Api, email_template: MessageTemplate) -> None:
    rows = [{"email_address": "a@example.com", "personalisation": {"name": {"file": "aGk="}}}]
    _, answer = api.post(BULK, body(email_template, rows))
    assert answer["results"][0]["errors"] == [{"error": "BadRequestError", "message": "Files cannot be sent in bulk"}]


def test_ten_thousand_rows_fit(api: Api, sms_template: MessageTemplate, settings: Any) -> None:
    settings.CACHE_SECONDS = 2
    status, answer = api.post(BULK, body(sms_template, [row(str(n)) for n in range(10_000)]))
    assert (status, answer["accepted"]) == (201, 10_000)
    assert Notification.objects.count() == 10_000
