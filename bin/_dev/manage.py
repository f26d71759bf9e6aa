"""`bin/manage …`: a management command in the project's own environment."""

import sys

from console import run_main
from embedded_settings import settings_environment
from environment import ensure_environment
from paths import PYTHON, STATE
from processes import run_in_foreground
from server_supervisor import embedded_servers


def main() -> int:
    ensure_environment("embedded")
    with embedded_servers(STATE) as addresses:
        return run_in_foreground([PYTHON, "manage.py", *sys.argv[1:]], settings_environment(addresses))


if __name__ == "__main__":
    run_main(main)
