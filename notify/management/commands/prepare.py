"""`manage.py prepare`: what an embedded run does before it serves, in one process."""

import json
from io import StringIO
from typing import Any

from django.core.management import BaseCommand, call_command, get_commands

from notify.lib.queues import ALL


class Command(BaseCommand):
    help = (
        "Bring the database up to date, collect the static files and load the demonstration once. "
        "Prints a line of progress per step, and at the end one line of JSON: the queues and the demonstration's facts."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.say("Bringing the database up to date")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        facts = None
        if "demo" in get_commands():
            self.say("Loading the demonstration (once)")
            call_command("demo", load=True, stdout=StringIO())
            printed = StringIO()
            call_command("demo", json=True, stdout=printed)
            facts = json.loads(printed.getvalue())
        self.stdout.write(json.dumps({"queues": ALL, "demonstration": facts}))

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
