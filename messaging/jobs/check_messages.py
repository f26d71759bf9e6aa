"""What the check page says about a file that cannot be sent, the first matching problem (reference: web-ui §10.3)."""

from content import MAX_RECIPIENTS
from messaging.jobs.check_report import CheckReport
from messaging.jobs.models import Job
from messaging.notifications.actions.quota import INTERNATIONAL, remaining_today
from services.enums import Channel

_RECIPIENT_COLUMNS = {
    Channel.EMAIL: "‘email address’",
    Channel.SMS: "‘phone number’",
    Channel.LETTER: "‘address line 1’, ‘address line 2’ and ‘postcode’",
}


def problem_words(job: Job, report: CheckReport) -> dict[str, str] | None:
    """A heading and what to do, or None for a file that can be sent."""
    code = report.problem
    if not code:
        return None
    if code == "unreadable":
        return {"title": "There is a problem with your file", "text": report.message}
    return {"title": _title(code, job, report), "text": _advice(code, job, report)}


def _title(code: str, job: Job, report: CheckReport) -> str:
    column = _RECIPIENT_COLUMNS[Channel(job.template.channel)]
    missing = ", ".join(f"‘{name}’" for name in report.missing_columns)
    left = remaining_today(job.service, job.template.channel)
    titles = {
        "too_many_rows": f"Your file has too many rows: {report.row_count:,}",
        "no_rows": "Your file is missing some rows" + (f", and the columns {missing}" if missing else ""),
        "no_recipient_column": f"There is a problem with your column headings: your file needs {column}",
        "recipient_column_repeated": f"There is a problem with your column headings: {column} is there more than once",
        "missing_columns": f"There is a problem with your column headings: your file needs {missing}",
        "bad_rows": _bad_rows(report),
        "not_allowed": "You cannot send to everybody in this file in trial mode",
        "trial_letters": "You cannot send letters in trial mode",
        "same_file": f"You have sent ‘{job.original_file_name}’ with this template already today",
        "more_rows_than_remaining": f"You can send {left:,} more messages today, and this file has {report.row_count:,}",
        "more_international_than_remaining": (
            f"You can send {remaining_today(job.service, INTERNATIONAL):,} more text messages to other countries today, "
            f"and this file has {report.international_count:,}"
        ),
    }
    return titles.get(code, "There is a problem with your file")


def _bad_rows(report: CheckReport) -> str:
    """One line that counts each kind of mistake."""
    parts = []
    if report.bad_recipients:
        parts.append(f"fix {report.bad_recipients:,} recipient{'s' if report.bad_recipients > 1 else ''}")
    if report.missing_data:
        parts.append(f"enter missing data in {report.missing_data:,} row{'s' if report.missing_data > 1 else ''}")
    if report.too_long:
        parts.append(f"shorten the message in {report.too_long:,} row{'s' if report.too_long > 1 else ''}")
    words = " and ".join(parts) or f"fix {report.bad_row_count:,} rows"
    return f"There is a problem with your file: you need to {words}"


def _advice(code: str, job: Job, report: CheckReport) -> str:
    shown = min(report.bad_row_count, len(report.lines))
    more = f"The first {shown} are shown below. " if report.bad_row_count > shown else ""
    advice = {
        "too_many_rows": f"A file can have up to {MAX_RECIPIENTS:,} rows. Split it, and upload the parts.",
        "no_rows": "Add a row for each recipient below the headings.",
        "bad_rows": f"{more}Change the file and upload it again.",
        "not_allowed": "Until your service is live you can send to yourself and your team only.",
        "trial_letters": "Make your service live to send letters.",
        "same_file": "If you meant to send it again, change its name or wait until tomorrow.",
        "more_rows_than_remaining": "Upload a shorter file, or wait until midnight (UTC), when your limit starts again.",
    }
    return advice.get(code, "Change the file and upload it again.")
