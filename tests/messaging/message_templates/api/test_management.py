"""Templates through the management API, and a folder of files from a pipeline."""

import uuid
from typing import Any

import pytest

from messaging.message_templates.models import MessageTemplate, TemplateFolder, TemplateVersion
from services.models import Service
from tests.helpers.api import Api, error, make_key, make_service, make_template

pytestmark = pytest.mark.django_db

PATH = "/api/templates"
TEXT = "---\nname: Bin day\n---\nHi ((name))\n"


@pytest.fixture
def api(service: Service) -> Api:
    return Api(make_key(service, scopes=["templates"]))


def test_a_template_is_created_edited_and_archived(api: Api) -> None:
    new = {"type": "email", "name": "Bin day", "subject": "Bins", "body": "Hi ((name))", "slug": "bin-day"}
    status, answer = api.post(PATH, new)
    assert status == 201
    assert {name: answer[name] for name in ("name", "type", "version", "slug", "subject", "body", "draft")} == {
        "name": "Bin day", "type": "email", "version": 1, "slug": "bin-day", "subject": "Bins", "body": "Hi ((name))",
        "draft": None,
    }  # fmt: skip
    path = f"{PATH}/{answer['id']}"
    words = {"name": "Bin day", "subject": "Bins", "body": "Bye ((name))"}
    status, answer = api.send("PUT", path, words)
    assert (status, answer["version"], answer["body"]) == (200, 2, "Bye ((name))")
    assert api.get(f"/v2/template/{answer['id']}")[1]["body"] == "Bye ((name))"
    assert [t["id"] for t in api.get(PATH)[1]["templates"]] == [answer["id"]]
    assert api.send("DELETE", path) == (200, {"id": answer["id"], "archived": True})
    assert api.get(path) == error(404, "NoResultFound", "No result found")
    assert api.get(PATH)[1]["templates"] == []


def test_a_draft_waits_until_it_is_published(api: Api, sms_template: MessageTemplate) -> None:
    path = f"{PATH}/{sms_template.pk}"
    status, answer = api.send("PUT", path, {"name": "New", "body": "Later", "draft": True})
    assert (status, answer["body"], answer["version"], answer["draft"]["body"]) == (200, "Hi ((name))", 1, "Later")
    status, answer = api.post(f"{path}/publish")
    assert (status, answer["body"], answer["version"], answer["draft"]) == (200, "Later", 2, None)
    assert api.post(f"{path}/publish") == error(400, "BadRequestError", "There is no draft of this template")


def test_faults_are_told_together(api: Api) -> None:
    status, answer = api.post(PATH, {"type": "pigeon", "body": 5, "x": 1})
    assert (status, [e["message"] for e in answer["errors"]]) == (
        400,
        ["Additional properties are not allowed (x was unexpected)"],
    )
    status, answer = api.post(PATH, {"type": "pigeon", "slug": "a b"})
    assert (status, len(answer["errors"])) == (400, 4)
    assert api.post(PATH, [])[0] == 400
    assert api.post(PATH, b"{")[0] == 400


def test_a_key_without_the_scope_is_refused(service: Service) -> None:
    for scopes in ([], ["send_email"], ["reports"]):
        api = Api(make_key(service, scopes=scopes))
        assert api.get(PATH) == error(403, "AuthError", "This API key does not have the scope manage or templates")


def test_other_services_templates_are_not_there(api: Api) -> None:
    foreign = make_template(make_service("Other"), "sms")
    for method, path in [("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/publish")]:
        assert api.send(method, f"{PATH}/{foreign.pk}{path}", {"name": "x", "body": "y"})[0] == 404
    assert api.get(f"{PATH}/x")[0] == 400
    assert api.get(f"{PATH}/{uuid.uuid4()}")[0] == 404


def test_files_are_planned_and_applied(api: Api, service: Service) -> None:
    old = make_template(service, "sms", name="Old")
    MessageTemplate.objects.filter(pk=old.pk).update(slug="old")
    files = {
        "reminders/bin-day.sms.md": TEXT,
        "letters/final.letter.md": "---\nname: Final\nsubject: Heading\npostage: first\n---\nDear ((name))\n",
    }
    body = {"files": files, "archive_missing": True}
    status, plan = api.post(f"{PATH}/plan", body)
    assert (status, plan["possible"]) == (200, True)
    assert [(s["action"], s["slug"], s["type"]) for s in plan["steps"]] == [
        ("create", "final", "letter"),
        ("create", "bin-day", "sms"),
        ("archive", "old", "sms"),
    ]
    assert MessageTemplate.objects.count() == 1
    assert api.post(f"{PATH}/apply", {**body, "plan": plan["plan"]}) == (200, plan)
    assert sorted(t.slug for t in MessageTemplate.objects.filter(archived_at=None)) == ["bin-day", "final"]
    assert TemplateFolder.objects.get(name="reminders").templates.get().slug == "bin-day"
    _, again = api.post(f"{PATH}/plan", body)
    assert {s["action"] for s in again["steps"]} == {"unchanged"}
    changed = {**files, "bin-day.sms.md": TEXT.replace("Hi", "Bye")}
    del changed["reminders/bin-day.sms.md"]
    _, third = api.post(f"{PATH}/apply", {"files": changed})
    assert {s["slug"]: s["changes"] for s in third["steps"]} == {
        "bin-day": {"body": ["Hi ((name))", "Bye ((name))"], "folder": ["reminders", ""]},
        "final": {},
    }
    assert TemplateVersion.objects.get(template__slug="bin-day", number=2).body == "Bye ((name))"


def test_what_is_exported_changes_nothing_when_applied(api: Api, service: Service) -> None:
    make_template(service, "email", body="# Hi ((name))\n\n---\n\nBye", has_unsubscribe_link=True)
    make_template(service, "letter", postage="first")
    _, exported = api.get(f"{PATH}/files")
    _, plan = api.post(f"{PATH}/plan", {"files": exported["files"], "archive_missing": True})
    assert [s["action"] for s in plan["steps"]] == ["unchanged", "unchanged"]


@pytest.mark.parametrize(("said", "formatted"), [("", ["name", "town"]), ("formatted_placeholders: []\n", [])])
def test_imported_email_is_formatted_throughout_unless_its_file_says_otherwise(
    api: Api, service: Service, said: str, formatted: list[str]
) -> None:
    text = f"---\nname: Hello\nsubject: To ((name))\n{said}---\nHi ((name)) of ((town))\n"
    api.post(f"{PATH}/apply", {"files": {"hello.email.md": text}})
    assert TemplateVersion.objects.get().formatted_placeholders == formatted
    _, exported = api.get(f"{PATH}/files")
    _, plan = api.post(f"{PATH}/plan", {"files": exported["files"]})
    assert [s["action"] for s in plan["steps"]] == ["unchanged"]


@pytest.mark.parametrize(
    ("path", "text", "problem"),
    [
        ("x.md", TEXT, "The path must end in <short-name>.email.md, .sms.md or .letter.md"),
        ("../x y.sms.md", TEXT, "The path must end in <short-name>.email.md, .sms.md or .letter.md"),
        ("x.sms.md", "Hi", "The file must begin with its settings between two lines of ---"),
        ("x.sms.md", "---\nname: [\n---\n", "The settings on top are not valid YAML"),
        ("x.sms.md", "---\n- a\n---\nHi", "The settings on top must be names with values"),
        ("x.sms.md", "---\nsubject: a\n---\nHi", "The file must have a ‘name’"),
        ("x.sms.md", "---\nname: 5\n---\nHi", "‘name’ must be a text"),
        ("x.sms.md", "---\nname: a\ncolour: b\n---\nHi", "There is no setting ‘colour’"),
    ],
)
def test_files_that_cannot_be_used(api: Api, path: str, text: str, problem: str) -> None:
    body = {"files": {path: text, "good.sms.md": TEXT}}
    _, plan = api.post(f"{PATH}/plan", body)
    assert plan["possible"] is False
    assert problem in next(s["problems"] for s in plan["steps"] if s["path"] == path)
    status, answer = api.post(f"{PATH}/apply", body)
    assert status == 400
    assert f"{path}: {problem}" in [e["message"] for e in answer["errors"]]
    assert MessageTemplate.objects.count() == 0


def test_a_plan_that_is_out_of_date_is_refused(api: Api, service: Service) -> None:
    body = {"files": {"a.sms.md": TEXT}}
    _, plan = api.post(f"{PATH}/plan", body)
    api.post(f"{PATH}/apply", body)
    status, answer = api.post(f"{PATH}/apply", {**body, "plan": plan["plan"]})
    assert (status, answer["errors"][0]["message"]) == (400, "The templates have changed since the plan was made")


def test_another_services_sender_address_is_refused(api: Api) -> None:
    new: dict[str, Any] = {"type": "letter", "name": "x", "subject": "y", "body": "z", "letter_contact_id": str(uuid.uuid4())}
    assert api.post(PATH, new) == error(400, "ValidationError", "letter_contact_id does not exist")
