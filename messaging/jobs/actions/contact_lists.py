"""Contact lists: recipients kept for sending again, without any details but how to reach them."""

from django.db import transaction

from accounts.models import User
from audit.actors import Actor
from audit.record import record
from content import MAX_FILE_BYTES, MessageContent, RecipientSheet, UnreadableFile, open_spreadsheet, read_recipients
from messaging.jobs.actions import jobs
from messaging.jobs.models import ContactList, Job
from messaging.message_templates.models import MessageTemplate
from notify.lib import clock, sealed_files
from notify.lib.ids import uuid7
from notify.lib.refusals import ActionRefused, Reason
from services.access import require
from services.enums import Channel, ServicePermission
from services.models import Service
from services.permissions import MANAGE_TEMPLATES, SEND_MESSAGES

FOLDER = "contact-lists"
LIST_CHANNELS = (Channel.EMAIL, Channel.SMS)


def save_contact_list(service: Service, *, data: bytes, filename: str, by: User) -> ContactList:
    """Keep a file with exactly one column, `email address` or `phone number`, in which every row is right.

    Refuses anything else beside the field `file`, with the first rows that are wrong.
    """
    require(by, service, SEND_MESSAGES)
    if len(data) > MAX_FILE_BYTES:
        raise ActionRefused(Reason("too_big", "The file must be smaller than 10MB", "file"))
    channel, row_count = _checked(service, data, filename)
    with transaction.atomic():
        key = uuid7()
        contact_list = ContactList.objects.create(
            id=key,
            service=service,
            name=filename[-255:],
            channel=channel,
            row_count=row_count,
            file=sealed_files.seal(FOLDER, str(key), data),
            created_by=by,
        )
        record("contact_list.saved", actor=by, subject=contact_list)
    return contact_list


def _checked(service: Service, data: bytes, filename: str) -> tuple[str, int]:
    """The channel of a list and its number of rows."""
    try:
        with open_spreadsheet(data, filename) as sheet:
            headers = [header for header in sheet.headers if header]
        if len(headers) != 1:
            raise ActionRefused(
                Reason("columns", "Your file needs one column, called ‘email address’ or ‘phone number’", "file")
            )
        for channel in LIST_CHANNELS:
            found = _read(service, channel, data, filename)
            if found.has_recipient_columns:
                return channel, _count(found)
    except UnreadableFile as error:
        raise ActionRefused(Reason("unreadable", str(error), "file")) from error
    raise ActionRefused(Reason("columns", "Your file needs one column, called ‘email address’ or ‘phone number’", "file"))


def _read(service: Service, channel: str, data: bytes, filename: str) -> RecipientSheet:
    return read_recipients(
        open_spreadsheet(data, filename),
        MessageContent(channel=channel, body="-", subject="-" if channel == Channel.EMAIL else ""),
        international_allowed=service.has_permission(ServicePermission.INTERNATIONAL_SMS),
        landlines_allowed=service.has_permission(ServicePermission.SMS_TO_UK_LANDLINES),
    )


def _count(sheet: RecipientSheet) -> int:
    summary = sheet.check()
    if sheet.problem:
        wrong = "; ".join(f"row {row.number}: {next(iter(row.errors.values()), 'empty')}" for row in summary.bad_rows[:5])
        message = f"Fix your file and upload it again: {wrong}" if wrong else "Your file has no rows, or too many of them"
        raise ActionRefused(Reason("bad_rows", message, "file"))
    return summary.row_count


def use_contact_list(contact_list: ContactList, *, template: MessageTemplate, by: User) -> Job:
    """Start a spreadsheet from a list; refuses a deleted one, one of another service, and another kind of template."""
    service = contact_list.service
    require(by, service, SEND_MESSAGES)
    if contact_list.archived_at is not None or template.service_id != service.pk or template.channel != contact_list.channel:
        raise ActionRefused("This list cannot be used with this template")
    data = sealed_files.unseal(contact_list.file.name or "")
    return jobs.upload(service, template=template, data=data, filename=contact_list.name, by=by, contact_list=contact_list)


def delete_contact_list(contact_list: ContactList, *, by: Actor) -> None:
    """Delete a list and its file; messages that were sent to it stay."""
    require(by, contact_list.service, MANAGE_TEMPLATES)
    with transaction.atomic():
        contact_list.archived_at = clock.now()
        path, contact_list.file = contact_list.file.name or "", ""
        contact_list.save(update_fields=["archived_at", "file"])
        record("contact_list.deleted", actor=by, subject=contact_list)
        transaction.on_commit(lambda: sealed_files.delete_file(path))
