"""`bin/manage …`: a management command in the project's own environment."""

import os
import subprocess
import sys

from embedded import Services
from environment import PYTHON, ROOT, STATE, ensure_environment, ensure_secrets


def settings_environment(addresses: dict[str, str]) -> dict[str, str]:
    """The environment of an embedded run: the operator's own variables win."""
    port = os.environ.get("PORT", "8000")
    base_url = f"http://localhost:{port}"
    embedded = {
        **ensure_secrets(STATE),
        "NOTIFY_EMBEDDED": "1",
        "NOTIFY_SANDBOX": "1",
        "BASE_URL": base_url,
        "CALLBACK_ALLOWED_HOSTS": f"localhost:{port}",
        "PYTHONUNBUFFERED": "1",
    }
    return {**embedded, **addresses, **os.environ}


def main() -> int:
    ensure_environment("embedded")
    services = Services(STATE)
    try:
        environment = settings_environment(services.start())
        return subprocess.call([str(PYTHON), "manage.py", *sys.argv[1:]], cwd=ROOT, env=environment)
    except KeyboardInterrupt:
        return 130
    finally:
        services.stop()


if __name__ == "__main__":
    sys.exit(main())
