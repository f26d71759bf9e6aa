"""`bin/test`: the tests on real PostgreSQL and Valkey, then every check. With arguments: pytest with these, and no more."""

import fcntl
import os
import subprocess
import sys

from embedded import Services
from environment import PYTHON, ROOT, STATE, ensure_environment, say
from frontend import ensure_frontend

BIN = PYTHON.parent
# Layers that carry rules are typed strictly (pyproject.toml says how).
TYPED = ["notify", "audit", "accounts", "branding", "organisations", "services", "messaging", "callbacks", "dashboard"]


def checks(environment: dict[str, str]) -> int:
    """Lint, format, types, the house's import contracts, missing migrations; runs all of them and returns the worst."""
    commands = {
        "lint": [BIN / "ruff", "check", "."],
        "format": [BIN / "ruff", "format", "--check", "."],
        "imports": [BIN / "lint-imports", "--no-cache"],
        "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
        "types": [BIN / "mypy", *TYPED],
    }
    worst = 0
    for name, command in commands.items():
        print(f"\n== {name}", flush=True)
        worst = max(worst, abs(subprocess.call([str(part) for part in command], cwd=ROOT, env=environment)))
    return min(worst, 1)


def environment_of_tests(addresses: dict[str, str]) -> dict[str, str]:
    return {**addresses, **os.environ, "DJANGO_SETTINGS_MODULE": "notify.settings.test"}


def main() -> int:
    ensure_environment("dev")
    ensure_frontend()
    state = STATE / "test"
    state.mkdir(parents=True, exist_ok=True)
    # Runs at the same time share the servers; the last one to leave stops them.
    with (state / "users.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        services = Services(state, fast=True, outlive_us=True)
        try:
            environment = environment_of_tests(services.start())
            if sys.argv[1:2] == ["--checks"]:
                return checks(environment)
            arguments = sys.argv[1:] or ["-n", "auto", "--dist", "loadgroup"]
            say("Running the tests")
            result = subprocess.call([str(BIN / "pytest"), *arguments], cwd=ROOT, env=environment)
            return result if sys.argv[1:] else max(result, checks(environment))
        except KeyboardInterrupt:
            return 130
        finally:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if not os.environ.get("NOTIFY_KEEP_SERVICES"):
                    services.stop(all_of_them=True)
            except BlockingIOError:
                pass


if __name__ == "__main__":
    sys.exit(main())
