"""How fast the text engine is: ``python benchmarks/text_engine.py``. One core, no database.

Prints rows checked a second (texts and emails, read from CSV), memory for 100,000 rows, and the time to render one
message. Targets: 25,000 text rows/s, 80,000 email rows/s, 200 MB; a text 40 µs; an email's HTML, plain text and
subject 500 µs. Each figure is the best of several runs, so that other work on the machine does not count.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from content import FORMATTED_ALL, MessageContent, open_spreadsheet, read_recipients, render_email, render_letter, render_sms

ROWS = 100_000

SMS = MessageContent(
    "sms",
    "Hello ((name)), your appointment at ((place)) is on ((date)). Reply STOP if you do not want these messages.",
)
EMAIL = MessageContent(
    "email",
    """Dear ((name))

# Your appointment

Thank you for booking. Your appointment is at ((place)) on ((date)), and it's free.
((parking??You can park at the back.))

## What to bring

* your reference number, ((reference))
* proof of address - a bill or a letter
* this email

1. Come ten minutes early.
2. Wait to be called.

^ If you cannot come, tell us as soon as you can.

You can [change your appointment](https://www.example.gov.uk/appointments/((reference))) or read
https://www.example.gov.uk/before-you-come?from=email for more.

---

The appointments team
""",
    "Your appointment on ((date))",
)


def values(number: int) -> dict[str, str]:
    return {
        "name": f"Jo O'Neill {number}",
        "place": "Town Hall, Ely",
        "date": "23 November at 10am",
        "reference": f"REF-{number:07}",
        "parking": "yes" if number % 2 else "no",
    }


def best(action: Callable[[], object], runs: int = 5) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def csv_file(heading: str, recipient: Callable[[int], str]) -> bytes:
    lines = [f"{heading},name,place,date,reference"]
    for number in range(ROWS):
        row = values(number)
        lines.append(f'{recipient(number)},{row["name"]},"{row["place"]}",{row["date"]},{row["reference"]}')
    return "\n".join(lines).encode()


def check(data: bytes, content: MessageContent) -> None:
    sheet = read_recipients(open_spreadsheet(data, "people.csv"), content)
    summary = sheet.check()
    if summary.row_count != ROWS or summary.bad_row_count or sheet.missing_columns:
        raise SystemExit(f"the check went wrong: {summary} {sheet.missing_columns}")


def report(name: str, figure: float, unit: str, target: float, *, more_is_better: bool) -> bool:
    met = figure >= target if more_is_better else figure <= target
    bound = "at least" if more_is_better else "at most"
    print(f"{name:44}{figure:>12,.1f} {unit:8}{bound:>9} {target:>10,.0f}  {'met' if met else 'MISSED'}")
    return met


def main() -> int:
    texts = csv_file("phone number", lambda number: f"07700 {900000 + number % 1000}")
    email_content = MessageContent("email", EMAIL.body.replace("((parking??You can park at the back.))", ""), EMAIL.subject)
    emails = csv_file("email address", lambda number: f"jo.{number}@example.gov.uk")
    met = [
        report("text rows checked", ROWS / best(lambda: check(texts, SMS), 3), "rows/s", 25_000, more_is_better=True),
        report(
            "email rows checked",
            ROWS / best(lambda: check(emails, email_content), 3),
            "rows/s",
            80_000,
            more_is_better=True,
        ),
    ]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    met.append(report("memory, both files of 100,000 rows", peak, "MB", 200, more_is_better=False))

    count = 2_000
    data = [values(number) for number in range(count)]
    runs: list[tuple[str, Callable[[dict[str, str]], object], float]] = [
        ("a text", lambda row: render_sms(SMS, row, prefix="Appointments"), 40),
        ("an email (HTML, plain text, subject)", lambda row: render_email(EMAIL, row), 500),
        ("the same, every value formatted", lambda row: render_email(EMAIL, row, formatted=FORMATTED_ALL), 1_000),
        ("a letter", lambda row: render_letter(EMAIL, row), 1_000),
    ]
    for name, render, target in runs:
        took = best(lambda render=render: [render(row) for row in data])
        met.append(report(name, took / count * 1e6, "µs", target, more_is_better=False))
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
