"""`bin/manage demo`: load the demonstration, or print its facts."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from notify import demo, schema_check
from notify.lib.crypto import InvalidToken


class Command(BaseCommand):
    help = "Load the demonstration's data once (--load), or print what one needs to try it (--json)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--load", action="store_true", help="make the demonstration, if it is not there yet")
        parser.add_argument("--json", action="store_true", help="print people, services, keys and templates as JSON")

    def handle(self, *args: Any, load: bool, json: bool, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("The demonstration exists in the embedded run only: it has passwords everybody knows.")
        schema_check.refuse_unknown_migrations()
        if load:
            demo.load()
        if json:
            self.stdout.write(_as_json(_facts()))


def _facts() -> dict[str, Any]:
    try:
        return demo.facts()
    except FileNotFoundError as error:
        raise CommandError("There is no demonstration yet: load it with --load.") from error
    except InvalidToken as error:
        raise CommandError("The demonstration was sealed with other keys: delete .notify and start again.") from error


def _as_json(facts: dict[str, Any]) -> str:
    return json.dumps(facts, indent=2, ensure_ascii=False)
