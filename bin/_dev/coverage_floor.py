"""What the tests have to reach: most lines of the product, and every branch where rules are kept."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from console import run_main
from paths import ROOT

# Per cent of the product's lines.
FLOOR = 95
# Files that decide: here every line and every branch is taken by a test.
WHOLE = re.compile(r"/actions/.+\.py$|/rules(/.+)?\.py$|^services/guards\.py$")


def shortfalls(report: dict[str, Any]) -> Iterator[str]:
    """What is missing, a file with its lines in each; nothing where the tests reach far enough. Takes coverage's JSON."""
    files = report["files"]
    for path, found in sorted(files.items()):
        if WHOLE.search(path) and (missing := _lines(found) + _branches(found)):
            yield f"{path}: {', '.join(missing)} (every branch)"
    totals = report["totals"]
    reached = 100 * totals["covered_lines"] / (totals["num_statements"] or 1)
    if reached < FLOOR:
        yield from (f"{path}: {', '.join(_lines(found))}" for path, found in sorted(files.items()) if _lines(found))
        yield f"{reached:.2f} % of all lines, and {FLOOR} % is the least"


def _lines(found: dict[str, Any]) -> list[str]:
    return [str(line) for line in found["missing_lines"]]


def _branches(found: dict[str, Any]) -> list[str]:
    """The branches that are not shown by a missing line already; a negative end is that of the function."""
    missing = [branch for branch in found["missing_branches"] if branch[0] not in found["missing_lines"]]
    return [f"{start} → {'end' if end < 0 else end}" for start, end in missing]


def main() -> int:
    command = [sys.executable, "-m", "coverage", "json", "-q", "-o", "-"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode:  # the tests ended before they had anything to say
        print(done.stdout.strip())
        return 1
    missing = list(shortfalls(json.loads(done.stdout)))
    print("\n".join(missing) or "The tests reach far enough.")
    return 1 if missing else 0


if __name__ == "__main__":
    run_main(main)
