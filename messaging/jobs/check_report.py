"""What checking a spreadsheet found, in a shape that is kept with the job and shown on the check page."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from content import RecipientRow, RecipientSheet

PREVIEW_ROWS = 50


@dataclass
class ReportLine:
    """One row as the page shows it: its number in the file, its cells in the order of the headings, what is wrong."""

    number: int
    cells: list[str]
    errors: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


@dataclass
class CheckReport:
    """The outcome of checking one file. `problem` is a code of RecipientSheet.problem, or empty when it can be sent."""

    problem: str = ""
    message: str = ""
    headers: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    missing_columns: list[str] = field(default_factory=list)
    row_count: int = 0
    bad_row_count: int = 0
    bad_recipients: int = 0
    missing_data: int = 0
    too_long: int = 0
    international_count: int = 0
    # The first bad rows, or the first rows of a file without any.
    lines: list[ReportLine] = field(default_factory=list)

    def dumps(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def loads(cls, text: str | None) -> "CheckReport":
        values: dict[str, Any] = json.loads(text) if text else {}
        values["lines"] = [ReportLine(**line) for line in values.get("lines", [])]
        return cls(**values)


def line_of(row: RecipientRow, keys: list[str]) -> ReportLine:
    """A checked row as a line of the page."""
    return ReportLine(
        number=row.number,
        cells=[_shown(row.values.get(key)) for key in keys],
        errors=dict(row.errors),
        problems=list(row.problems),
    )


def report_of(sheet: RecipientSheet, first_rows: list[RecipientRow]) -> CheckReport:
    """What was found, once every row has been read."""
    summary = sheet.summary
    shown = summary.bad_rows or first_rows
    return CheckReport(
        problem=sheet.problem or "",
        headers=list(sheet.headers),
        keys=list(sheet.keys),
        missing_columns=list(sheet.missing_columns),
        row_count=summary.row_count,
        bad_row_count=summary.bad_row_count,
        bad_recipients=summary.bad_recipients,
        missing_data=summary.missing_data,
        too_long=summary.too_long,
        international_count=summary.international_count,
        lines=[line_of(row, sheet.keys) for row in shown[:PREVIEW_ROWS]],
    )


def _shown(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(str(item) for item in value if item) if isinstance(value, list) else str(value)
