"""`manage.py doctor`: look over an installation and say what to do."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from notify.doctor import look_over

MARKS = {"ok": "ok     ", "advice": "advice ", "problem": "PROBLEM"}


class Command(BaseCommand):
    help = "Check settings, database, broker, storage, clock, providers and workers. Ends with 1 if there is a problem."
    # The settings are among what is looked at: bad ones are a finding, not a traceback.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quick", action="store_true", help="do not call the mail server and the workers")
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = look_over(deep=not options["quick"])
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in findings]))
        else:
            for finding in findings:
                self.stdout.write(f"{MARKS[finding.level]} {finding.area}: {finding.message}")
                if finding.advice:
                    self.stdout.write(f"          {finding.advice}")
        if any(finding.level == "problem" for finding in findings):
            sys.exit(1)
