"""`bin/test`: the tests on real PostgreSQL and Valkey, then every check. With arguments: pytest with these, and no more."""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from console import print_step, run_main
from embedded import VALKEY_DATABASES
from environment import WRITE_BYTECODE, ensure_environment
from frontend import ensure_frontend
from paths import PYTHON, STATE
from processes import run_in_foreground
from server_supervisor import embedded_servers

BIN = PYTHON.parent
TEST_STATE = STATE / "test"
# pytest's own result, and those of a process that a signal ended.
INTERRUPTED = (2, 130, 143)
# Layers that carry rules are typed strictly (pyproject.toml says how).
TYPED = [
    "content",
    "notify",
    "audit",
    "accounts",
    "branding",
    "organisations",
    "services",
    "messaging",
    "callbacks",
    "dashboard",
]
CHECKS: dict[str, list[Path | str]] = {
    "lint": [BIN / "ruff", "check", "."],
    "format": [BIN / "ruff", "format", "--check", "."],
    "templates": [BIN / "djlint", "--quiet", "--lint", "templates"],
    "templates' format": [BIN / "djlint", "--quiet", "--check", "templates"],
    "imports": [BIN / "lint-imports", "--no-cache"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "types": [BIN / "mypy", *TYPED],
}
# Only after all tests, which leave behind what it reads.
COVERAGE = {"coverage": [PYTHON, "bin/_dev/coverage_floor.py"]}


def run_checks(environment: dict[str, str], checks: dict[str, list[Path | str]] = CHECKS) -> int:
    """Lint, format, imports between layers, missing migrations, types; all of them run, and 1 is returned if any fails."""
    failed = []
    for name, check in checks.items():
        print(f"\n== {name}", flush=True)
        if run_in_foreground(check, environment):
            failed.append(name)
    print(f"\nChecks: {'failed: ' + ', '.join(failed) if failed else 'all passed'}", flush=True)
    return 1 if failed else 0


@contextmanager
def database_name() -> Iterator[str]:
    """NOTIFY_TEST_NAME, or a name that no other run at this moment has."""
    if own := os.environ.get("NOTIFY_TEST_NAME"):
        yield own
        return
    number = 1
    while True:
        with Path(TEST_STATE / f"run-{number}.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                number += 1
                continue
            yield f"run{number}"
            return


def run(arguments: list[str], environment: dict[str, str]) -> int:
    """The tests, then the checks and what the tests reached; less where somebody chose tests or asked for the checks."""
    if arguments == ["--checks"]:
        return run_checks(environment)
    print_step("Running the tests")
    chosen = arguments or ["-n", "auto", "--dist", "loadgroup", "--cov", "--cov-report="]
    result = run_in_foreground([BIN / "pytest", *chosen], environment)
    return result if arguments or result in INTERRUPTED else max(result, run_checks(environment, COVERAGE | CHECKS))


def main() -> int:
    ensure_environment("dev")
    ensure_frontend()
    TEST_STATE.mkdir(parents=True, exist_ok=True)
    with embedded_servers(TEST_STATE, fast=True) as addresses, database_name() as name:
        settings = {"DJANGO_SETTINGS_MODULE": "notify.settings.test", "NOTIFY_TEST_NAME": name}
        if "REDIS_URL" in addresses:
            settings["NOTIFY_TEST_VALKEY_DATABASES"] = str(VALKEY_DATABASES)
        return run(sys.argv[1:], {**os.environ, **addresses, **settings, **WRITE_BYTECODE})


if __name__ == "__main__":
    run_main(main)
