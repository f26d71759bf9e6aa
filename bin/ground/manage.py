"""`bin/manage …`: a management command in the project's own environment."""

import subprocess
import sys

from environment import PYTHON, ROOT, STATE, ensure_environment, settings_environment
from keeper import services


def main() -> int:
    ensure_environment("embedded")
    with services(STATE) as addresses:
        try:
            environment = settings_environment(addresses)
            return subprocess.call([str(PYTHON), "manage.py", *sys.argv[1:]], cwd=ROOT, env=environment)
        except KeyboardInterrupt:
            return 130


if __name__ == "__main__":
    sys.exit(main())
