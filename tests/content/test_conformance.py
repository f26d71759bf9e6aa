"""The cases taken from the system whose users will move here; see ``tests/conformance.py``."""

import ast
from pathlib import Path

import pytest

from tests.conformance import AREAS, main, read_cases, replay
from tests.helpers.house import PACKAGES, ROOT

FILE = Path(__file__).parents[1] / "data" / "conformance.jsonl"
CASES = list(read_cases(FILE))


@pytest.mark.parametrize("case", CASES, ids=[f"{number}-{case['area']}" for number, case in enumerate(CASES, start=1)])
def test_conforms_or_differs_by_decision(case):
    result = replay(case)
    assert result.outcome in ("pass", "decided"), result.detail


def test_every_area_of_the_cases_is_replayed():
    assert {case["area"] for case in CASES} <= AREAS.keys()


def test_only_the_decided_cases_differ():
    decided = [case["area"] for case in CASES if replay(case).outcome == "decided"]
    assert decided == ["sms.render", "phone.validate"]


def test_the_program_answers_with_its_exit_code(tmp_path, capsys):
    good = tmp_path / "good.jsonl"
    good.write_text('{"area": "placeholders.extract", "input": {"content": "((a))"}, "expected": ["a"]}\n')
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"area": "placeholders.extract", "input": {"content": "((a))"}, "expected": ["b"]}\n')
    assert main([str(good)]) == 0
    assert main([str(bad)]) == 1
    assert "FAIL line 1 placeholders.extract" in capsys.readouterr().out


def test_the_cases_are_answered_by_what_the_product_runs():
    """What the cases call is imported by the product too, outside the engine's own package of names."""
    tree = ast.parse((ROOT / "tests" / "conformance.py").read_text())
    called = {
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "content"
        for alias in node.names
    }
    used = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if path.name != "__init__.py":
                used |= {node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)}
    assert sorted(called - used) == []
