"""Senders, team, callbacks and figures through the management API."""

from typing import Any

import pytest

from accounts.models import User
from messaging.message_templates.models import MessageTemplate
from messaging.notifications.actions.statistics import roll_up_deltas
from notify.lib import clock
from services.actions.members import add_member
from services.models import Service, SmsSender
from services.permissions import SERVICE_PERMISSIONS
from tests.factories.services import InvitationFactory, ReplyToFactory
from tests.helpers.api import Api, error, make_key, make_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(service: Service) -> Api:
    return Api(make_key(service, scopes=["manage"]))


@pytest.fixture
def people(service: Service) -> list[User]:
    found = [User.objects.create_user(f"{name}@dept.gov.uk", name=name) for name in ("ada", "bob", "cy")]
    for person in found:
        add_member(service, user=person, permissions=list(SERVICE_PERMISSIONS), by=person)
    return found


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/api/senders", "manage"),
        ("/api/team", "manage"),
        ("/api/callbacks", "manage"),
        ("/api/statistics", "manage or reports"),
        ("/api/usage", "manage or reports"),
    ],
)
def test_the_scope_has_to_be_given_in_so_many_words(service: Service, path: str, scope: str) -> None:
    refused = error(403, "AuthError", f"This API key does not have the scope {scope}")
    assert Api(make_key(service)).get(path) == refused
    assert Api(make_key(service, scopes=["send_sms", "templates"])).get(path) == refused


def test_senders_are_added_changed_and_removed(api: Api, service: Service) -> None:
    status, added = api.post("/api/senders/sms", {"name": "COUNCIL"})
    assert (status, added["name"], added["is_default"]) == (201, "COUNCIL", False)
    path = f"/api/senders/sms/{added['id']}"
    status, changed = api.send("PUT", path, {"name": "COUNCIL2", "is_default": True})
    assert (status, changed["name"], changed["is_default"]) == (200, "COUNCIL2", True)
    assert api.send("DELETE", path)[0] == 400
    old = SmsSender.objects.get(service=service, name="BINS")
    assert api.send("DELETE", f"/api/senders/sms/{old.pk}") == (200, {"id": str(old.pk), "archived": True})
    assert api.post("/api/senders/email-reply-to", {"email_address": "help@dept.gov.uk"})[0] == 201
    assert api.post("/api/senders/letter-contacts", {"block": "1 High St\nSW1A 1AA"})[0] == 201
    _, listed = api.get("/api/senders")
    assert [each["name"] for each in listed["sms_senders"]] == ["COUNCIL2"]
    assert [each["email_address"] for each in listed["email_reply_to"]] == ["help@dept.gov.uk"]
    assert [each["block"] for each in listed["letter_contacts"]] == ["1 High St\nSW1A 1AA"]


def test_bad_and_foreign_senders_are_refused(api: Api) -> None:
    status, answer = api.post("/api/senders/sms", {"name": "!!"})
    assert (status, answer["errors"][0]["error"]) == (400, "BadRequestError")
    foreign = SmsSender.objects.get(service=make_service("Other"))
    assert api.send("PUT", f"/api/senders/sms/{foreign.pk}", {"name": "MINE"})[0] == 404
    reply_to = ReplyToFactory(service=foreign.service, email_address="a@b.gov.uk")
    assert api.send("DELETE", f"/api/senders/email-reply-to/{reply_to.pk}")[0] == 404


def test_the_team_is_read_invited_changed_and_left(api: Api, people: list[User]) -> None:
    _, team = api.get("/api/team")
    assert [m["email"] for m in team["members"]] == [p.email for p in people]
    assert team["members"][0]["permissions"] == sorted(SERVICE_PERMISSIONS)
    path = f"/api/team/members/{people[0].pk}"
    status, changed = api.send("PUT", path, {"permissions": ["view_activity"]})
    assert (status, changed["permissions"]) == (200, ["view_activity"])
    assert api.send("PUT", path, {"permissions": ["fly"]})[0] == 400
    assert api.send("DELETE", path) == (200, {"id": str(people[0].pk), "removed": True})
    assert api.send("DELETE", path)[0] == 404
    status, invited = api.post("/api/team/invitations", {"email": "dee@dept.gov.uk", "permissions": ["send_messages"]})
    assert (status, invited["status"]) == (201, "pending")
    assert [i["email"] for i in api.get("/api/team")[1]["invitations"]] == ["dee@dept.gov.uk"]
    assert api.send("DELETE", f"/api/team/invitations/{invited['id']}")[1]["status"] == "cancelled"
    foreign = InvitationFactory(service=make_service("Other"), email="x@dept.gov.uk")
    assert api.send("DELETE", f"/api/team/invitations/{foreign.pk}")[0] == 404


def test_callbacks_are_added_changed_and_removed(api: Api) -> None:
    new = {"kind": "delivery_status", "url": "https://dept.gov.uk/hook", "bearer_token": "0123456789"}
    status, added = api.post("/api/callbacks", new)
    assert status == 201
    assert added["signing_secret"].startswith("whsec_")
    path = f"/api/callbacks/{added['id']}"
    _, read = api.get(path)
    assert read == {name: value for name, value in added.items() if name != "signing_secret"}
    assert "bearer_token" not in read
    change = {"url": "https://dept.gov.uk/other", "statuses": ["permanent-failure"], "is_on": False}
    _, changed = api.send("PUT", path, change)
    assert {name: changed[name] for name in change} == change
    assert [c["id"] for c in api.get("/api/callbacks")[1]["callbacks"]] == [added["id"]]
    status, answer = api.post("/api/callbacks", {**new, "url": "http://x", "bearer_token": "short"})
    assert (status, [e["field"] for e in answer["errors"]]) == (400, ["url", "bearer_token"])
    assert api.send("DELETE", path) == (200, {"id": added["id"], "removed": True})
    assert api.get(path)[0] == 404


def test_statistics_count_what_was_sent(api: Api, service: Service, sms_template: MessageTemplate) -> None:
    body = {"phone_number": "07700900123", "template_id": str(sms_template.pk), "personalisation": {"name": "x"}}
    sender = Api(make_key(service))
    sender.post("/v2/notifications/sms", body)
    sender.post("/v2/notifications/sms", body)
    today = clock.local_day().isoformat()
    figures: list[dict[str, Any]] = [
        {
            "day": today,
            "template_id": str(sms_template.pk),
            "type": "sms",
            "status": "created",
            "count": 2,
            "billable_units": 0.0,
            "cost_in_pounds": 0.0,
        }
    ]
    query = f"/api/statistics?from={today}&to={today}"
    assert api.get(query) == (200, {"from": today, "to": today, "figures": figures})
    roll_up_deltas()
    assert api.get(query)[1]["figures"] == figures


@pytest.mark.parametrize(
    "query",
    ["from=x", "from=2026-01-02&to=2026-01-01", "from=2020-01-01&to=2026-01-01", "x=1", "to=tomorrow"],
)
def test_bad_dates_are_refused(api: Api, query: str) -> None:
    assert api.get(f"/api/statistics?{query}")[0] == 400


def test_usage_is_told_by_month(api: Api) -> None:
    status, usage = api.get("/api/usage")
    assert (status, usage["year"], usage["cost_in_pounds"]) == (200, clock.financial_year(clock.local_day()), 0.0)
    assert next(month["month"] for month in usage["months"]) == f"{usage['year']}-04"
    assert api.get("/api/usage?year=x")[0] == 400
    assert api.get("/api/usage?year=2020")[0] == 200
