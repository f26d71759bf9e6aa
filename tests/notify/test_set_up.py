import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from messaging.sandbox.models import SandboxMessage
from notify import doctor
from notify.doctor import Finding
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return UserFactory(is_staff=True, is_superuser=True)


def areas(level: str) -> set[str]:
    return {finding.area for finding in doctor.look_over(deep=False) if finding.level == level}


def test_the_page_is_for_superusers(client_for, root, staff, outsider):
    assert client_for(root).get("/platform/set-up").status_code == 200
    assert client_for(staff).get("/platform/set-up").status_code == 403
    assert client_for(outsider).get("/platform/set-up").status_code == 403
    assert client_for(None).get("/platform/set-up").status_code == 302


def test_a_test_email_and_a_test_text_are_sent(client_for, root, mailoutbox, django_capture_on_commit_callbacks):
    browser = client_for(root)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/platform/set-up", {"verb": "email", "email": "me@town.example"})
        browser.post("/platform/set-up", {"verb": "text", "mobile_number": "07700 900 123"})
    assert mailoutbox[0].to == ["me@town.example"]
    assert SandboxMessage.objects.get(channel="sms").text == "The text message provider of Notify works."


@pytest.mark.parametrize(
    ("data", "field"), [({"verb": "email", "email": "x"}, "email"), ({"verb": "text", "mobile_number": "x"}, "mobile_number")]
)
def test_bad_input_stands_beside_its_field(client_for, root, data, field):
    assert list(client_for(root).post("/platform/set-up", data).context["form"].errors) == [field]


def test_a_healthy_installation_has_no_problem_but_the_sandbox(root):
    assert areas("problem") <= {"Settings"}
    assert {"Database", "Broker", "Storage", "Clock", "People"} <= areas("ok")


def test_without_an_administrator_it_says_how_to_make_one():
    found = [f for f in doctor.look_over(deep=False) if f.area == "People" and f.level == "problem"]
    assert "first_admin" in found[0].advice


def test_a_broker_that_is_away_is_a_finding(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert "Broker" in areas("problem")


def test_a_database_that_is_away_is_a_finding(monkeypatch):
    def broken():
        raise DatabaseError("gone")

    monkeypatch.setattr(doctor.connection, "ensure_connection", broken)
    advice = "Check DATABASE_URL, and that PostgreSQL runs and lets us in."
    assert Finding("Database", "problem", "No connection: gone", advice) in doctor.look_over(deep=False)


def test_the_command_prints_advice_and_ends_with_one_on_problems():
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--quick", stdout=out)
    assert ended.value.code == 1
    assert "PROBLEM People: There is no administrator" in out.getvalue()
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", "--quick", "--json", stdout=out)
    assert {"area", "level", "message", "advice"} == set(json.loads(out.getvalue())[0])
