"""Rules of the house that a reader could forget and a test does not."""

import ast
import re
import subprocess

import pytest
from django.template.loader import get_template

from audit.events import SENTENCES
from services.models import Service
from tests.helpers.house import PACKAGES, ROOT


def sources():
    for app in PACKAGES:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path, path.read_text()


def test_nobody_writes_a_services_state_past_the_lifecycle():
    offenders = [
        str(path.relative_to(ROOT))
        for path, text in sources()
        if re.search(r"\.update\([^)]*\bstate=(ServiceState|[\"'](live|pending|trial))", text)
    ]
    assert offenders == []


LIFECYCLE = "services.actions.lifecycle"
TRANSITIONS = {transition.name for transition in Service().get_all_state_transitions()}


def _imported_modules(tree):
    """The names under which a file knows whole modules: `lifecycle` → services.actions.lifecycle."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.asname: alias.name for alias in node.names if alias.asname}
    return found


def transitions_touched(source):
    """The lines on which a file takes a transition off anything but the lifecycle's actions of the same names."""
    tree = ast.parse(source)
    modules, lines = _imported_modules(tree), []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in TRANSITIONS:
            of = modules.get(node.value.id) if isinstance(node.value, ast.Name) else ast.unparse(node.value)
            if of != LIFECYCLE:
                lines.append(node.lineno)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("getattr", "attrgetter", "methodcaller"):
            lines += [node.lineno for each in node.args if isinstance(each, ast.Constant) and each.value in TRANSITIONS]
    return lines


def test_nobody_calls_a_transition_past_the_lifecycle():
    offenders = [
        f"{path.relative_to(ROOT)}:{line}"
        for path, text in sources()
        if path != ROOT / "services" / "actions" / "lifecycle.py"
        for line in transitions_touched(text)
    ]
    assert offenders == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("service.withdraw_request()", [1]),
        ("form.service.approve_go_live()", [1]),
        ("move = service.return_to_trial\nmove()", [1]),
        ("getattr(service, 'withdraw_request')()", [1]),
        ("lifecycle = service\nlifecycle.approve_go_live()", [2]),
        ("from services.actions import lifecycle\nlifecycle.approve_go_live(service, by=me)", []),
        ("import services.actions.lifecycle as moves\nmoves.return_to_trial(service, by=me)", []),
        ("import services.actions.lifecycle\nservices.actions.lifecycle.reject_go_live(service, by=me)", []),
        ("from services.actions.lifecycle import approve_go_live\napprove_go_live(service, by=me)", []),
    ],
)
def test_a_transition_past_the_lifecycle_is_seen(source, lines):
    assert transitions_touched(source) == lines


def test_every_audit_name_that_is_recorded_is_declared():
    used = set()
    for _, text in sources():
        used |= set(re.findall(r"\brecord\(\s*f?\"([a-z_]+\.[a-z_]+)\"", text))
    assert sorted(used - set(SENTENCES)) == []


def test_every_module_says_in_a_line_what_it_is_for():
    silent = [
        str(path.relative_to(ROOT))
        for path, text in sources()
        if text.strip()
        and path.name not in ("__init__.py", "apps.py", "0001_initial.py")
        and not ast.get_docstring(ast.parse(text))
    ]
    assert silent == []


def test_every_action_is_called_with_by_as_a_keyword():
    """Actions take who does it as `*, by`; helpers begin with an underscore."""
    wrong = []
    for path, text in sources():
        if "actions" not in path.parts:
            continue
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and "by" in [a.arg for a in node.args.args] and not node.name.startswith("_"):
                wrong.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert wrong == []


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda p: str(p.relative_to(ROOT)))
def test_template_parses_and_carries_no_script_or_style_of_its_own(path):
    get_template(str(path.relative_to(ROOT / "templates")))
    if "emails" in path.parts or "admin" in path.parts:
        return
    text = path.read_text()
    assert re.search(r"<script(?![^>]*(\bsrc=|application/json))|<style|\sstyle=|\son[a-z]+=\"", text) is None


def test_nothing_generated_or_secret_is_committed():
    names = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=False).stdout.split()
    bad = [
        n for n in names if n.startswith((".notify/", "node_modules/", "notify/static_built/")) or n.endswith((".pyc", ".env"))
    ]
    assert bad == []
