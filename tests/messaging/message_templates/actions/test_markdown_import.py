"""Templates from files: the plan, the deed and the way back."""

from unittest.mock import ANY

import pytest

from messaging.message_templates.actions import markdown_import
from messaging.message_templates.models import MessageTemplate
from notify.lib.refusals import PermissionRefused
from tests.factories.message_templates import TemplateFactory, TemplateFolderFactory
from tests.helpers.cast import TEAM, ServiceCast
from tests.helpers.snapshot import snapshot
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db
FILES = {"Letters/hello.sms.md": "---\nname: Hello\n---\nHi ((name))\n"}
NO_SETTINGS = "The file must begin with its settings between two lines of ---"


def steps(plan):
    return [(step.action, step.slug) for step in plan.steps]


def test_a_plan_changes_nothing(service, manager):
    TemplateFactory(service=service, name="Old")
    before = snapshot()
    plan = markdown_import.plan_files(service, FILES, archive_missing=True, by=manager)
    assert (steps(plan), plan.is_possible) == ([("create", "hello"), ("archive", "old")], True)
    assert snapshot() == before


def test_only_those_who_write_templates_make_a_plan(service, member, outsider):
    for person in (member, outsider):
        with pytest.raises(PermissionRefused):
            markdown_import.plan_files(service, FILES, archive_missing=False, by=person)


def test_what_was_exported_is_the_same_when_it_comes_back(service, manager):
    folder = TemplateFolderFactory(service=service, name="Letters")
    TemplateFactory(service=service, name="Hello", folder=folder)
    TemplateFactory(service=service, name="Post", channel="email")
    files = markdown_import.export_files(service)
    assert sorted(files) == ["Letters/hello.sms.md", "post.email.md"]
    assert steps(markdown_import.plan_files(service, files, archive_missing=True, by=manager)) == [
        ("unchanged", "hello"),
        ("unchanged", "post"),
    ]


def test_a_template_moves_and_gets_its_new_words_at_once(service, manager):
    TemplateFactory(service=service, name="Hello")
    files = {"Letters/hello.sms.md": FILES["Letters/hello.sms.md"].replace("Hi", "Dear")}
    markdown_import.apply_files(service, files, archive_missing=False, by=manager)
    template = MessageTemplate.objects.get()
    assert (template.folder.name, template.version) == ("Letters", 2)
    assert template.versions.get(number=2).body.startswith("Dear ((name))")


def test_a_template_may_move_and_keep_its_words(service, manager):
    TemplateFactory(service=service, name="Hello")
    (text,) = markdown_import.export_files(service).values()
    plan = markdown_import.apply_files(service, {"Letters/hello.sms.md": text}, archive_missing=False, by=manager)
    template = MessageTemplate.objects.get()
    assert [step.changes for step in plan.steps] == [{"folder": ["", "Letters"]}]
    assert (template.folder.name, template.version) == ("Letters", 1)


def test_a_template_may_stay_and_get_new_words(service, manager):
    TemplateFactory(service=service, name="Hello")
    (text,) = markdown_import.export_files(service).values()
    files = {"hello.sms.md": text.replace("Hi", "Dear")}
    markdown_import.apply_files(service, files, archive_missing=False, by=manager)
    template = MessageTemplate.objects.get()
    assert (template.folder, template.version) == (None, 2)


@pytest.mark.parametrize(
    ("files", "problems"),
    [
        (FILES | {"hello.sms.md": FILES["Letters/hello.sms.md"]}, ["Two files have this short name"]),
        (
            {"old.email.md": "---\nname: Old\nsubject: Hi\n---\nHi\n"},
            ["The template of this short name is for another channel (sms)"],
        ),
        (
            {"new.letter.md": "---\nname: New\nsubject: Hi\n---\nHi\n"},
            ["Your service cannot send this kind of message"],
        ),
        ({"new.sms.md": "---\nname: New\n---\n"}, ["Enter a message"]),
    ],
)
def test_a_file_that_cannot_be_used_says_why(files, problems, service, manager):
    service.permissions = ["sms", "email"]
    TemplateFactory(service=service, name="Old")
    plan = markdown_import.plan_files(service, files, archive_missing=False, by=manager)
    assert [problem for step in plan.steps for problem in step.problems] == problems
    assert (plan.is_possible, plan.steps[-1].action) == (False, "error")


# --- Who may, and what is written ---------------------------------------------------------------------------------
def applying(cast, files=FILES, **fields):
    TemplateFactory(service=cast.service, name="Old")
    return call(cast.service, files, **({"archive_missing": True} | fields))


VERBS = [
    Verb(
        markdown_import.apply_files,
        applying,
        # A key may with the scope of templates, too.
        (*TEAM, "key_without_scope"),
        {
            "+MessageTemplate": 1,
            "+TemplateFolder": 1,
            "+TemplateVersion": 1,
            "MessageTemplate.archived_at": ANY,
            "history": ["folder.created", "template.created", "template.archived"],
        },
        refused={
            f"bad.sms.md: {NO_SETTINGS}": lambda cast: applying(cast, FILES | {"bad.sms.md": "Hi"}),
            "The templates have changed since the plan was made": lambda cast: applying(cast, expected="another"),
        },
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(ServiceCast, VERBS)
