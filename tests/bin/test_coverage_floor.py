"""What the tests have to reach, read from coverage's own report."""

import json
import subprocess

import coverage_floor
import pytest


def report(*, covered=99, **files):
    """A report of a product of 100 lines; of files, only what is missing."""
    empty = {"missing_lines": [], "missing_branches": []}
    return {
        "files": {name: empty | missing for name, missing in files.items()},
        "totals": {"covered_lines": covered, "num_statements": 100},
    }


def shortfalls(path, covered=99, **missing):
    return list(coverage_floor.shortfalls(report(covered=covered, **{path: missing})))


WHOLE = [
    "services/actions/keys.py",
    "messaging/jobs/actions/jobs.py",
    "services/rules.py",
    "messaging/notifications/rules/sending.py",
    "services/rules/names.py",
    "services/guards.py",
]


@pytest.mark.parametrize("path", WHOLE)
def test_where_rules_are_kept_every_line_and_branch_counts(path):
    assert shortfalls(path) == []
    assert shortfalls(path, missing_lines=[3]) == [f"{path}: 3 (every branch)"]
    assert shortfalls(path, missing_branches=[[7, 9], [8, -5]]) == [f"{path}: 7 → 9, 8 → end (every branch)"]


def test_a_branch_is_not_named_beside_its_own_line():
    found = shortfalls(WHOLE[0], missing_lines=[3, 4], missing_branches=[[3, 4], [2, 3]])
    assert found == ["services/actions/keys.py: 3, 4, 2 → 3 (every branch)"]


@pytest.mark.parametrize(
    "path",
    ["services/views/keys.py", "content/recipient_rules.py", "services/api/guards.py", "services/actions.py"],
)
def test_elsewhere_only_the_floor_of_lines_counts(path):
    missing = {"missing_lines": [3, 4], "missing_branches": [[1, 2]]}
    assert shortfalls(path, covered=95, **missing) == []
    assert shortfalls(path, covered=94, **missing) == [f"{path}: 3, 4", "94.00 % of all lines, and 95 % is the least"]


@pytest.mark.parametrize(
    ("missing", "printed", "result"),
    [([3], "services/rules.py: 3 (every branch)\n", 1), ([], "The tests reach far enough.\n", 0)],
)
def test_the_check_fails_where_something_is_missing(missing, printed, result, monkeypatch, capsys):
    found = json.dumps(report(**{"services/rules.py": {"missing_lines": missing}}))
    monkeypatch.setattr(coverage_floor.subprocess, "run", lambda *args, **words: subprocess.CompletedProcess(args, 0, found))
    assert (coverage_floor.main(), capsys.readouterr().out) == (result, printed)


def test_without_a_report_the_check_fails(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("COVERAGE_FILE", str(tmp_path / "none"))
    assert (coverage_floor.main(), capsys.readouterr().out) == (1, "No data to report.\n")
