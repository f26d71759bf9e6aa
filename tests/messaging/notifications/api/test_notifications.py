"""Reading messages, templates and received texts back (public-api §5 to §7)."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings

from messaging.enums import Status
from messaging.inbound.models import ReceivedText
from messaging.message_templates.models import MessageTemplate
from messaging.notifications.models import Notification
from notify.lib import clock
from notify.lib.ids import uuid7
from services.models import Service
from tests.factories.inbound import ReceivedTextFactory
from tests.factories.message_templates import TemplateVersionFactory
from tests.helpers.api import PERSON, Api, error, make_key, make_service, make_template

pytestmark = pytest.mark.django_db

NOT_FOUND = error(404, "NoResultFound", "No result found")
BASE = settings.API_BASE_URL


def invalid(message: str) -> tuple[int, Any]:
    return error(400, "ValidationError", message)


def send(api: Api, template: MessageTemplate, **more: Any) -> str:
    to = {"phone_number": "07700 900123"} if template.channel == "sms" else {"email_address": "Sam@example.com "}
    body = {**to, "template_id": str(template.pk), "personalisation": {"name": "Sam"}, **more}
    status, answer = api.post(f"/v2/notifications/{template.channel}", body)
    assert status == 201
    return str(answer["id"])


def test_a_text_is_read_back(api: Api, sms_template: MessageTemplate) -> None:
    found = send(api, sms_template, reference="r-1")
    row = Notification.objects.get()
    expected = {
        "id": found,
        "reference": "r-1",
        "email_address": None,
        "phone_number": "07700 900123",
        "line_1": None,
        "line_2": None,
        "line_3": None,
        "line_4": None,
        "line_5": None,
        "line_6": None,
        "postcode": None,
        "type": "sms",
        "status": "created",
        "template": {
            "id": str(sms_template.pk),
            "version": 1,
            "uri": f"{BASE}/v2/template/{sms_template.pk}/version/1",
        },
        "body": "Hi Sam",
        "subject": None,
        "created_at": clock.wire(row.created_at),
        "created_by_name": None,
        "sent_at": None,
        "completed_at": None,
        "scheduled_for": None,
        "postage": None,
        "one_click_unsubscribe_url": None,
        "is_cost_data_ready": False,
        "cost_in_pounds": None,
        "cost_details": {},
    }
    assert api.get(f"/v2/notifications/{found}") == (200, expected)
    later = clock.now()
    Notification.objects.update(
        status=Status.DELIVERED, sent_at=later, updated_at=later, billable_units=2, rate_multiplier=Decimal(2)
    )
    _, answer = api.get(f"/v2/notifications/{found}")
    rate = answer["cost_details"]["sms_rate"]
    assert 0.01 < rate < 0.1
    assert answer == {
        **expected,
        "status": "delivered",
        "sent_at": clock.wire(later),
        "completed_at": clock.wire(later),
        "is_cost_data_ready": True,
        "cost_in_pounds": pytest.approx(rate * 4),
        "cost_details": {"billable_sms_fragments": 2, "international_rate_multiplier": 2.0, "sms_rate": rate},
    }


def test_an_email_is_read_back(api: Api, service: Service, email_template: MessageTemplate) -> None:
    _, answer = api.get(f"/v2/notifications/{send(api, email_template, one_click_unsubscribe_url='https://x.example')}")
    shown = ("email_address", "type", "body", "subject", "one_click_unsubscribe_url", "cost_in_pounds", "is_cost_data_ready")
    assert {name: answer[name] for name in shown} == {
        "email_address": "Sam@example.com",
        "type": "email",
        "body": "Hi Sam",
        "subject": "Hello Sam",
        "one_click_unsubscribe_url": "https://x.example",
        "cost_in_pounds": 0.0,
        "is_cost_data_ready": True,
    }
    linked = make_template(service, "email", has_unsubscribe_link=True)
    _, answer = api.get(f"/v2/notifications/{send(api, linked)}")
    assert answer["one_click_unsubscribe_url"].startswith(f"{BASE}/unsubscribe/{answer['id']}/")


def test_any_key_of_the_service_reads_one_but_no_other_service(
    api: Api, test_api: Api, team_api: Api, sms_template: MessageTemplate
) -> None:
    path = f"/v2/notifications/{send(api, sms_template)}"
    stranger = Api(make_key(make_service("Other")))
    assert [each.get(path)[0] for each in (api, test_api, team_api)] == [200, 200, 200]
    assert stranger.get(path) == NOT_FOUND
    assert stranger.post(f"{path}/cancel") == NOT_FOUND
    assert stranger.get(f"/v2/template/{sms_template.pk}") == NOT_FOUND
    assert stranger.get(f"/v2/template/{sms_template.pk}/version/1") == NOT_FOUND
    assert stranger.post(f"/v2/template/{sms_template.pk}/preview") == NOT_FOUND
    assert stranger.get("/v2/templates") == (200, {"templates": []})
    assert stranger.get("/v2/notifications")[1]["notifications"] == []


def test_ids_that_are_none_and_ids_of_nothing(api: Api) -> None:
    assert api.get("/v2/notifications/x") == invalid("notification_id is not a valid UUID")
    assert api.get(f"/v2/notifications/{uuid.uuid4()}") == NOT_FOUND
    assert api.get("/v2/template/x") == invalid("id is not a valid UUID")
    assert api.get(f"/v2/template/{uuid.uuid4()}") == NOT_FOUND


def test_a_message_past_its_retention_is_gone(api: Api, sms_template: MessageTemplate) -> None:
    path = f"/v2/notifications/{send(api, sms_template)}"
    Service.objects.update(retention_days_sms=3)
    Notification.objects.update(created_at=clock.now() - timedelta(days=4))
    assert api.get(path) == NOT_FOUND
    assert api.get("/v2/notifications")[1]["notifications"] == []


def test_the_list_shows_the_keys_own_type_newest_first(
    api: Api, test_api: Api, sms_template: MessageTemplate, email_template: MessageTemplate
) -> None:
    first, second = send(api, sms_template), send(api, email_template, reference="r")
    tested = send(test_api, sms_template)
    assert [n["id"] for n in api.get("/v2/notifications")[1]["notifications"]] == [second, first]
    assert [n["id"] for n in test_api.get("/v2/notifications")[1]["notifications"]] == [tested]
    ids = lambda query: [n["id"] for n in api.get(f"/v2/notifications?{query}")[1]["notifications"]]  # noqa: E731
    assert ids("template_type=sms") == [first]
    assert ids("template_type=sms&template_type=email") == [second, first]
    assert ids("reference=r") == [second]
    assert ids("reference=r&reference=x") == [second]
    assert ids("status=accepted") == [second, first]
    assert ids("status=delivered&status=created") == [second, first]
    assert ids("status=received&status=failed") == []
    assert ids(f"older_than={second}") == [first]
    assert ids(f"older_than={uuid.uuid4()}") == []
    Notification.objects.filter(pk=first).update(job_id=uuid7())
    assert ids("") == [second]
    assert ids("include_jobs=True") == [second, first]


def test_links_lead_to_an_empty_page(api: Api, sms_template: MessageTemplate) -> None:
    reference = str(uuid.uuid4())
    found = send(api, sms_template, reference=reference)
    _, page = api.get(f"/v2/notifications?reference={reference}&status=created&status=sending")
    links = page["links"]
    assert links["current"] == f"{BASE}/v2/notifications?reference={reference}&status=created&status=sending"
    assert links["next"] == (f"{BASE}/v2/notifications?older_than={found}&reference={reference}&status=created&status=sending")
    parts = urlsplit(links["next"])
    _, last = api.get(f"{parts.path}?{parts.query}")
    assert last == {"notifications": [], "links": {"current": links["next"]}}
    assert parse_qs(parts.query)["older_than"] == [found]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("page=1", "Additional properties are not allowed (page was unexpected)"),
        ("older_than=x", "older_than is not a valid UUID"),
        ("include_jobs=false", "include_jobs false is not one of [true, True]"),
        ("template_type=x", "template_type x is not one of [sms, email, letter]"),
    ],
)
def test_bad_queries_are_refused(api: Api, query: str, message: str) -> None:
    assert api.get(f"/v2/notifications?{query}") == invalid(message)


def test_a_page_has_250_messages(api: Api, sms_template: MessageTemplate) -> None:
    rows = [{"phone_number": "07700900123", "personalisation": {"name": str(n)}} for n in range(251)]
    assert api.post("/v2/notifications/bulk", {"template_id": str(sms_template.pk), "notifications": rows})[0] == 201
    _, page = api.get("/v2/notifications")
    assert [n["body"] for n in page["notifications"]] == [f"Hi {n}" for n in range(250, 0, -1)]
    parts = urlsplit(page["links"]["next"])
    assert [n["body"] for n in api.get(f"{parts.path}?{parts.query}")[1]["notifications"]] == ["Hi 0"]


def template_json(template: MessageTemplate, **more: Any) -> dict[str, Any]:
    return {
        "id": str(template.pk),
        "name": f"Our {template.channel}",
        "type": template.channel,
        "created_at": clock.wire(template.created_at),
        "updated_at": None,
        "created_by": PERSON,
        "version": 1,
        "body": "Hi ((name))",
        "subject": None if template.channel == "sms" else "Hello ((name))",
        "personalisation": {"name": {"required": True}},
        "postage": "second" if template.channel == "letter" else None,
        "letter_contact_block": None,
        **more,
    }


def test_templates_are_listed_by_name(api: Api, service: Service) -> None:
    texts = make_template(service, "sms")
    letter = make_template(service, "letter", postage="second")
    email = make_template(service, "email")
    MessageTemplate.objects.filter(pk=make_template(service, "sms").pk).update(archived_at=clock.now())
    MessageTemplate.objects.filter(pk=make_template(service, "letter").pk).update(is_hidden=True)
    shown = [template_json(email), template_json(letter), template_json(texts)]
    assert api.get("/v2/templates") == (200, {"templates": shown})
    assert api.get("/v2/templates?type=sms") == (200, {"templates": [template_json(texts)]})
    assert api.get("/v2/templates?type=x") == invalid("type x is not one of [sms, email, letter]")


def test_versions_of_a_template(api: Api, sms_template: MessageTemplate) -> None:
    author = sms_template.versions.get().created_by
    second = TemplateVersionFactory(template=sms_template, number=2, name="New name", body="Bye", created_by=author)
    MessageTemplate.objects.filter(pk=sms_template.pk).update(version=2, name="New name", archived_at=clock.now())
    path = f"/v2/template/{sms_template.pk}"
    newest = template_json(
        sms_template,
        version=2,
        name="New name",
        body="Bye",
        personalisation={},
        updated_at=clock.wire(second.created_at),
    )
    assert api.get(path) == (200, newest)
    assert api.get(f"{path}/version/1") == (200, template_json(sms_template))
    assert api.get(f"{path}/version/0") == (200, newest)
    assert api.get(f"{path}/version/3") == NOT_FOUND
    assert api.get(f"{path}/version/99999999999999999999") == NOT_FOUND


def test_a_preview_of_a_text(api: Api, sms_template: MessageTemplate) -> None:
    path = f"/v2/template/{sms_template.pk}/preview"
    expected = {
        "id": str(sms_template.pk),
        "type": "sms",
        "version": 1,
        "body": "Hi Sam",
        "html": None,
        "subject": None,
        "postage": None,
    }
    assert api.post(path, {"personalisation": {"Name": "Sam"}, "id": "x", "more": 1}) == (200, expected)
    missing = error(400, "BadRequestError", "Missing personalisation: name")
    assert [api.post(path, body) for body in (None, b"null", {})] == [missing] * 3
    assert api.post(path, {"personalisation": "x"}) == invalid("personalisation x is not of type object")
    assert api.post(path, []) == invalid("[] is not of type object")


def test_a_preview_of_an_email(api: Api, service: Service) -> None:
    template = make_template(service, "email", body="# Hi ((name))\n\nBye")
    _, answer = api.post(f"/v2/template/{template.pk}/preview", {"personalisation": {"name": "A & B"}})
    assert (answer["subject"], answer["body"]) == ("Hello A & B", "# Hi A & B\n\nBye")
    assert "<h2" in answer["html"]
    assert "A &amp; B" in answer["html"]
    assert "<html" not in answer["html"]


def make_text(service: Service, **more: Any) -> ReceivedText:
    fields = {"notify_number": "07900900900", "user_number": "447700900123", "user_hash": b"x" * 16, "content": "Hello"}
    return ReceivedTextFactory(service=service, provider="sandbox", **{**fields, **more})


def test_received_texts(api: Api, service: Service) -> None:
    first, second = make_text(service, content="One"), make_text(service, content="Two")
    make_text(make_service("Other"))
    shown = [
        {
            "id": str(text.pk),
            "created_at": clock.wire(text.created_at),
            "service_id": str(service.pk),
            "notify_number": "07900900900",
            "user_number": "447700900123",
            "content": text.content,
        }
        for text in (second, first)
    ]
    path = "/v2/received-text-messages"
    links = {"current": BASE + path, "next": f"{BASE}{path}?older_than={first.pk}"}
    assert api.get(path) == (200, {"received_text_messages": shown, "links": links})
    links = {"current": BASE + path, "next": f"{BASE}{path}?older_than={first.pk}"}
    assert api.get(f"{path}?older_than={second.pk}") == (200, {"received_text_messages": shown[1:], "links": links})
    empty = (200, {"received_text_messages": [], "links": {"current": BASE + path}})
    assert api.get(f"{path}?older_than={first.pk}") == empty
    assert api.get(f"{path}?older_than={uuid.uuid4()}") == empty
    assert api.get(f"{path}?older_than=x") == invalid("older_than is not a valid UUID")
    assert api.get(f"{path}?foo=x") == invalid("Additional properties are not allowed (foo was unexpected)")
