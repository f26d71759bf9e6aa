"""`bin/manage …`: a management command in the project's own environment."""

import sys

from environment import PYTHON, STATE, command, ensure_environment, settings_environment
from keeper import services
from processes import call


def main() -> int:
    ensure_environment("embedded")
    with services(STATE) as addresses:
        return call([PYTHON, "manage.py", *sys.argv[1:]], settings_environment(addresses))


if __name__ == "__main__":
    command(main)
