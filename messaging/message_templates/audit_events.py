"""What is done with templates, in the audit trail."""

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
        "template.priority_changed": "{actor} switched ‘send ahead of other messages’ {on} for ‘{subject}’",
        "template.redacted": "{actor} hid personal data in messages of the template ‘{subject}’",
        "template.moved": "{actor} moved the template ‘{subject}’ to {folder}",
        "template.copied": "{actor} copied the template ‘{subject}’ from {source}",
        "template.file_attached": "{actor} attached the file {filename} to the template ‘{subject}’",
        "template.file_changed": "{actor} changed how recipients get the file {filename} of the template ‘{subject}’",
        "template.file_removed": "{actor} removed the file {filename} from the template ‘{subject}’",
        "folder.created": "{actor} created the folder ‘{subject}’",
        "folder.renamed": "{actor} renamed the folder ‘{old}’ to ‘{subject}’",
        "folder.moved": "{actor} moved the folder ‘{subject}’",
        "folder.deleted": "{actor} deleted the folder ‘{subject}’",
    }
)
