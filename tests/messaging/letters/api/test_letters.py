"""Letters from templates and ready-made ones (public-api §4.6, §4.7, §5.4)."""

import base64
import io
import uuid
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from django.conf import settings

from messaging.enums import Status
from messaging.message_templates.models import MessageTemplate
from messaging.notifications.actions.send import send_due
from messaging.notifications.models import Notification, SendQueue
from notify.lib import clock
from services.models import Service
from tests.helpers.api import Api, error, make_key, make_service, make_template

pytestmark = pytest.mark.django_db

LETTER = "/v2/notifications/letter"
ADDRESS = {"address_line_1": "Sam Poe", "address_line_2": "1 High St", "postcode": "sw1a1aa"}


def body(template: MessageTemplate, **values: Any) -> dict[str, Any]:
    return {"template_id": str(template.pk), "personalisation": {**ADDRESS, "name": "A & B", **values}}


def pdf(pages: int = 1) -> bytes:
    document, out = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    document.save(out)
    return out.getvalue()


def precompiled(content: bytes | None = None, **more: Any) -> dict[str, Any]:
    return {"reference": "batch-7", "content": base64.b64encode(pdf() if content is None else content).decode(), **more}


def work() -> None:
    """What a worker does. The database's clock stands still in a test, so nothing is due unless it says so."""
    SendQueue.objects.update(not_before=clock.now() - timedelta(minutes=1))
    send_due()


@pytest.fixture
def template(service: Service) -> MessageTemplate:
    return make_template(service, "letter", postage="first")


def test_a_letter_is_accepted_read_back_and_shown(api: Api, template: MessageTemplate) -> None:
    status, answer = api.post(LETTER, {**body(template, address_line_3=5), "reference": "r"})
    row = Notification.objects.get()
    assert (status, answer) == (
        201,
        {
            "id": str(row.pk),
            "reference": "r",
            "content": {"subject": "Hello A &amp; B", "body": "Hi A & B"},
            "uri": f"{settings.API_BASE_URL}/v2/notifications/{row.pk}",
            "template": {
                "id": str(template.pk),
                "version": 1,
                "uri": f"{settings.API_BASE_URL}/services/{template.service_id}/templates/{template.pk}",
            },
            "scheduled_for": None,
        },
    )
    _, read = api.get(f"/v2/notifications/{row.pk}")
    shown = ("line_1", "line_2", "line_3", "line_4", "postcode", "status", "postage", "subject", "is_cost_data_ready")
    assert {name: read[name] for name in shown} == {
        "line_1": "Sam Poe",
        "line_2": "1 High St",
        "line_3": "5",
        "line_4": None,
        "postcode": "sw1a1aa",
        "status": "accepted",
        "postage": "first",
        "subject": "Hello A &amp; B",
        "is_cost_data_ready": False,
    }
    assert read["estimated_delivery"] > read["created_at"]
    status, content = api.get(f"/v2/notifications/{row.pk}/pdf")
    assert (status, content[:5], api.headers["Content-Type"]) == (200, b"%PDF-", "application/pdf")


def test_a_test_letter_is_received_within_seconds_and_costs_nothing(test_api: Api, template: MessageTemplate) -> None:
    _, answer = test_api.post(LETTER, body(template))
    work()
    _, read = test_api.get(f"/v2/notifications/{answer['id']}")
    assert (read["status"], read["sent_at"], read["cost_in_pounds"]) == ("received", None, 0.0)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"address_line_2": ""}, "Address must be at least 3 lines"),
        (
            {"address_line_2": "."},
            "The first 2 lines of the address must both include at least one alphanumeric character",
        ),
        ({"postcode": "x"}, "Last line of address must be a real UK postcode or another country"),
        ({"address_line_7": ""}, "Address must be at least 3 lines"),
        (
            {"address_line_2": "(1) High St"},
            "Address lines must not start with any of the following characters: @ ( ) = [ ] ” \\ / , < >",
        ),
        ({"address_line_2": "NFA"}, "Must be a real address"),
    ],
)
def test_bad_addresses_are_refused(api: Api, template: MessageTemplate, values: Any, message: str) -> None:
    assert api.post(LETTER, body(template, **values)) == error(400, "ValidationError", message)


def test_letters_abroad_need_permission_and_force_the_postage(api: Api, template: MessageTemplate) -> None:
    _, answer = api.post(LETTER, body(template, postcode="Germany"))
    assert api.get(f"/v2/notifications/{answer['id']}")[1]["postage"] == "europe"
    Service.objects.update(permissions=["letter"])
    assert api.post(LETTER, body(template, postcode="Germany")) == error(400, "ValidationError", "Must be a real UK postcode")


def test_team_keys_and_trial_services_send_none(team_api: Api, template: MessageTemplate) -> None:
    team = error(403, "BadRequestError", "Cannot send letters with a team api key")
    assert team_api.post(LETTER, body(template)) == team
    assert team_api.post(LETTER, precompiled()) == team
    trial = make_service("On trial", live=False)
    refused = error(403, "BadRequestError", "Cannot send letters when service is in trial mode")
    assert Api(make_key(trial)).post(LETTER, precompiled()) == refused
    assert Api(make_key(trial)).post(LETTER, body(make_template(trial, "letter"))) == refused
    assert Api(make_key(trial, "test")).post(LETTER, precompiled())[0] == 201


def test_a_qr_code_nobody_can_scan_is_refused(api: Api, service: Service) -> None:
    template = make_template(service, "letter", body="qr: ((name))")
    status, answer = api.post(LETTER, body(template, name="x" * 505))
    assert (status, answer["errors"]) == (
        400,
        [
            {
                "error": "ValidationError",
                "message": "Cannot create a usable QR code - the link is too long",
                "data": "x" * 505,
                "num_bytes": 505,
                "max_bytes": 504,
            }
        ],
    )


def test_a_ready_made_letter_is_taken_in_checked_and_given_back(api: Api, test_api: Api) -> None:
    content = pdf(3)
    status, answer = test_api.post(LETTER, precompiled(content))
    assert (status, answer) == (201, {"id": answer["id"], "reference": "batch-7", "postage": "second"})
    path = f"/v2/notifications/{answer['id']}"
    assert test_api.get(f"{path}/pdf") == error(400, "PDFNotReadyError", "PDF not available yet, try again later")
    _, read = api.get(path)
    shown = ("line_1", "line_2", "postcode", "subject", "body", "status", "cost_in_pounds", "reference")
    assert {name: read[name] for name in shown} == {
        "line_1": "Provided as PDF",
        "line_2": None,
        "postcode": None,
        "subject": "Pre-compiled PDF",
        "body": "",
        "status": "pending-virus-check",
        "cost_in_pounds": None,
        "reference": "batch-7",
    }
    work()
    assert api.get(path)[1]["status"] == "received"
    assert api.get(f"{path}/pdf") == (200, content)
    assert api.get("/v2/templates") == (200, {"templates": []})
    assert api.get(f"/v2/template/{read['template']['id']}")[0] == 404


@pytest.mark.parametrize("content", [b"", b"not a pdf", pdf(11)], ids=["empty", "text", "11 pages"])
def test_what_cannot_be_printed_is_taken_in_and_fails(test_api: Api, content: bytes) -> None:
    status, answer = test_api.post(LETTER, precompiled(content))
    assert status == 201
    work()
    path = f"/v2/notifications/{answer['id']}"
    assert test_api.get(path)[1]["status"] == "validation-failed"
    assert test_api.get(f"{path}/pdf") == (200, content)


def test_a_virus_is_found(test_api: Api) -> None:
    virus = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    _, answer = test_api.post(LETTER, precompiled(virus))
    work()
    path = f"/v2/notifications/{answer['id']}"
    assert test_api.get(path)[1]["status"] == "virus-scan-failed"
    assert test_api.get(f"{path}/pdf") == error(400, "BadRequestError", "File did not pass the virus scan")


def test_bad_base64_is_refused(api: Api) -> None:
    assert api.post(LETTER, {"reference": "r", "content": "é"}) == error(
        400, "BadRequestError", "Cannot decode letter content (invalid base64 encoding)"
    )


def test_the_pdf_endpoint_says_what_is_wrong(
    api: Api, test_api: Api, template: MessageTemplate, sms_template: MessageTemplate
) -> None:
    pdf_of = lambda found: api.get(f"/v2/notifications/{found}/pdf")  # noqa: E731
    assert pdf_of("x") == error(400, "ValidationError", "notification_id is not a valid UUID")
    assert pdf_of(uuid.uuid4()) == error(404, "NoResultFound", "No result found")
    text = {"phone_number": "07700900123", "template_id": str(sms_template.pk), "personalisation": {"name": "x"}}
    _, answer = api.post("/v2/notifications/sms", text)
    assert pdf_of(answer["id"]) == error(400, "BadRequestError", "Notification is not a letter")
    _, answer = test_api.post(LETTER, body(template))
    Notification.objects.filter(pk=answer["id"]).update(status=Status.TECHNICAL_FAILURE)
    assert pdf_of(answer["id"]) == error(400, "BadRequestError", "PDF not available for letters in status technical-failure")


def test_the_daily_limit_counts_letters(api: Api, template: MessageTemplate) -> None:
    Service.objects.update(letter_limit_override=1)
    assert api.post(LETTER, body(template))[0] == 201
    assert api.post(LETTER, precompiled()) == error(429, "TooManyRequestsError", "Exceeded send limits (letter: 1) for today")


def test_an_archived_letter_template_is_refused(api: Api, template: MessageTemplate) -> None:
    MessageTemplate.objects.filter(pk=template.pk).update(archived_at=clock.now())
    assert api.post(LETTER, body(template)) == error(400, "BadRequestError", "Template has been deleted")
