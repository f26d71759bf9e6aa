"""The cases taken from the system whose users will move here; see ``tests/conformance.py``."""

from pathlib import Path

import pytest

from tests.conformance import AREAS, main, read_cases, replay

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
