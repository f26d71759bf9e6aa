"""What is done with spreadsheets, in the audit trail."""

from audit.events import declare

declare(
    {
        "job.started": "{actor} sent the spreadsheet ‘{subject}’ ({rows} messages)",
        "job.limit_exceeded": "The spreadsheet ‘{subject}’ ({rows} messages) was not sent: it was over the daily limit",
        "job.scheduled": "{actor} scheduled the spreadsheet ‘{subject}’ ({rows} messages) for {at}",
        "job.cancelled": "{actor} cancelled the spreadsheet ‘{subject}’",
        "job.paused": "{actor} paused the spreadsheet ‘{subject}’",
        "job.resumed": "{actor} resumed the spreadsheet ‘{subject}’",
        "contact_list.saved": "{actor} saved the contact list ‘{subject}’",
        "contact_list.deleted": "{actor} deleted the contact list ‘{subject}’",
    }
)
