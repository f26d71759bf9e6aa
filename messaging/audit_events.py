"""What the messaging app writes to the audit trail. Sends are not audited: messages are their own record."""

from audit.events import declare

declare(
    {
        "template.created": "{actor} created the template ‘{subject}’",
        "template.changed": "{actor} changed the template ‘{subject}’ (now version {version})",
        "template.renamed": "{actor} renamed the template ‘{old}’ to ‘{subject}’",
        "template.draft_saved": "{actor} saved a draft of the template ‘{subject}’",
        "template.draft_discarded": "{actor} discarded the draft of the template ‘{subject}’",
        "template.approval_asked": "{actor} asked a colleague to publish the draft of ‘{subject}’",
        "template.published": "{actor} published version {version} of the template ‘{subject}’",
        "template.restored": "{actor} restored version {from_version} of the template ‘{subject}’",
        "template.archived": "{actor} deleted the template ‘{subject}’",
        "template.redacted": "{actor} hid personal data in messages of the template ‘{subject}’",
        "template.moved": "{actor} moved the template ‘{subject}’ to {folder}",
        "template.copied": "{actor} copied the template ‘{subject}’ from {source}",
        "template.file_attached": "{actor} attached the file {filename} to the template ‘{subject}’",
        "template.file_removed": "{actor} removed the file {filename} from the template ‘{subject}’",
        "folder.created": "{actor} created the folder ‘{subject}’",
        "folder.renamed": "{actor} renamed the folder ‘{old}’ to ‘{subject}’",
        "folder.moved": "{actor} moved the folder ‘{subject}’",
        "folder.deleted": "{actor} deleted the folder ‘{subject}’",
        "job.started": "{actor} sent the spreadsheet ‘{subject}’ ({rows} messages)",
        "job.scheduled": "{actor} scheduled the spreadsheet ‘{subject}’ ({rows} messages) for {at}",
        "job.cancelled": "{actor} cancelled the spreadsheet ‘{subject}’",
        "job.paused": "{actor} paused the spreadsheet ‘{subject}’",
        "job.resumed": "{actor} resumed the spreadsheet ‘{subject}’",
        "contact_list.saved": "{actor} saved the contact list ‘{subject}’",
        "contact_list.deleted": "{actor} deleted the contact list ‘{subject}’",
        "notification.cancelled": "{actor} cancelled a scheduled message",
        "notification.resent": "{actor} sent a failed message again",
        "suppression.added": "{actor} added a recipient to the list of people not to contact",
        "suppression.removed": "{actor} removed a recipient from the list of people not to contact",
        "suppression.imported": "{actor} imported {count} recipients into the list of people not to contact",
        "unsubscribe_requests.processed": "{actor} marked {count} unsubscribe requests as dealt with",
        "inbound_number.allocated": "{actor} gave the service the number {number}",
        "inbound_number.released": "{actor} took the number {number} back",
        "provider.changed": "{actor} changed the provider {subject}: {change}",
        "letters.returned": "{actor} reported {count} letters as returned",
    }
)
