"""`manage.py prepare`: what an embedded run does before it serves, in one process."""

import json
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command, get_commands

from notify import schema_check
from notify.lib.queues import ALL


class Command(BaseCommand):
    help = (
        "Bring the database up to date, collect the static files and load the demonstration once. "
        "Prints a line of progress per step, and at the end one line of JSON: the queues, the demonstration's facts, "
        "and how to become the first administrator."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.print_step("Bringing the database up to date")
        schema_check.migrate()
        call_command("collectstatic", interactive=False, verbosity=0)
        facts = None
        if settings.DEMONSTRATION and "demo" in get_commands():
            self.print_step("Loading the demonstration (once)")
            call_command("demo", load=True, stdout=StringIO())
            printed = StringIO()
            call_command("demo", json=True, stdout=printed)
            facts = json.loads(printed.getvalue())
        # Without a demonstration, whoever starts the platform becomes its first administrator.
        first = StringIO()
        call_command("first_admin", stdout=first)
        self.stdout.write(json.dumps({"queues": ALL, "demonstration": facts, "administrator": first.getvalue().strip()}))

    def print_step(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
