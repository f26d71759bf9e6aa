#!/usr/bin/env python
"""Django's command line; `bin/manage` runs it inside the project's own environment."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "notify.settings.base")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - the settings are named first

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
