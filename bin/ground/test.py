"""`bin/test`: the tests on real PostgreSQL and Valkey, then every check. With arguments: pytest with these, and no more."""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from embedded import DATABASES_OF_VALKEY
from environment import PYTHON, QUICK, STATE, command, ensure_environment, say
from frontend import ensure_frontend
from keeper import services
from processes import call

BIN = PYTHON.parent
HOME = STATE / "test"
# pytest's own result, and those of a process that a signal ended.
INTERRUPTED = (2, 130, 143)
# Layers that carry rules are typed strictly (pyproject.toml says how).
TYPED = ["notify", "audit", "accounts", "branding", "organisations", "services", "messaging", "callbacks", "dashboard"]
CHECKS = {
    "lint": [BIN / "ruff", "check", "."],
    "format": [BIN / "ruff", "format", "--check", "."],
    "templates": [BIN / "djlint", "--quiet", "--lint", "templates"],
    "templates' format": [BIN / "djlint", "--quiet", "--check", "templates"],
    "imports": [BIN / "lint-imports", "--no-cache"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "types": [BIN / "mypy", *TYPED],
}


def checks(environment: dict[str, str]) -> int:
    """Lint, format, imports between layers, missing migrations, types; all of them run, and 1 is returned if any fails."""
    failed = []
    for name, check in CHECKS.items():
        print(f"\n== {name}", flush=True)
        if call(check, environment):
            failed.append(name)
    print(f"\nChecks: {'failed: ' + ', '.join(failed) if failed else 'all passed'}", flush=True)
    return 1 if failed else 0


@contextmanager
def name_of_databases() -> Iterator[str]:
    """NOTIFY_TEST_NAME, or a name that no other run at this moment has."""
    if own := os.environ.get("NOTIFY_TEST_NAME"):
        yield own
        return
    number = 1
    while True:
        with Path(HOME / f"run-{number}.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                number += 1
                continue
            yield f"run{number}"
            return


def run(arguments: list[str], environment: dict[str, str]) -> int:
    """The tests, then the checks; only the tests where somebody chose them, only the checks where they asked for these."""
    if arguments == ["--checks"]:
        return checks(environment)
    say("Running the tests")
    chosen = arguments or ["-n", "auto", "--dist", "loadgroup"]
    result = call([BIN / "pytest", *chosen], environment)
    return result if arguments or result in INTERRUPTED else max(result, checks(environment))


def main() -> int:
    ensure_environment("dev")
    ensure_frontend()
    HOME.mkdir(parents=True, exist_ok=True)
    with services(HOME, fast=True) as addresses, name_of_databases() as name:
        settings = {"DJANGO_SETTINGS_MODULE": "notify.settings.test", "NOTIFY_TEST_NAME": name}
        if "REDIS_URL" in addresses:
            settings["NOTIFY_TEST_VALKEY_DATABASES"] = str(DATABASES_OF_VALKEY)
        return run(sys.argv[1:], {**os.environ, **addresses, **settings, **QUICK})


if __name__ == "__main__":
    command(main)
