"""Files of email templates: adding, changing and removing them, and their links in one message."""

from dataclasses import replace
from pathlib import PurePosixPath

from django.db import transaction

from accounts.models import User
from audit.actors import Actor
from audit.record import record
from messaging.message_templates.actions.templates import TemplateContent, edit_template, lock_template
from messaging.message_templates.constants import FILE_TYPES, MAX_FILE_SIZE, MAX_FILENAME
from messaging.message_templates.models import MessageTemplate, TemplateAttachment
from messaging.message_templates.queries.attachments import (
    EXTENSIONS,
    KEPT_AFTER_REMOVAL,
    names,
    without,
)
from notify.lib import clock, sealed_files, short_cache
from notify.lib.refusals import ActionRefused, Reason
from services.access import require
from services.enums import Channel, ServicePermission
from services.permissions import MANAGE_TEMPLATES

MIN_WEEKS, MAX_WEEKS = 1, 78
_ZIP = b"PK\x03\x04"
# How files of a type begin; the other types are texts.
_STARTS = {
    "pdf": b"%PDF",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
    "rtf": b"{\\rtf",
    "doc": b"\xd0\xcf\x11\xe0",
    "docx": _ZIP,
    "xlsx": _ZIP,
    "odt": _ZIP,
}


def attach_file(template: MessageTemplate, *, filename: str, content: bytes, by: Actor) -> TemplateAttachment:
    """Keep a file for an email template. It is in no email yet: `use_file`, or its name in the message, does that.

    Refuses (ActionRefused) people without manage_templates, other channels, a service without contact details or without
    the permission to send files, and a file whose name, size or type is not allowed.
    """
    require(by, template.service, MANAGE_TEMPLATES)
    _check_service(template)
    filename = PurePosixPath(filename.replace("\\", "/")).name.strip()
    extension = _check_file(filename, content)
    with transaction.atomic():
        template = lock_template(template)
        _check_name(template, filename)
        file = TemplateAttachment(
            template=template,
            filename=filename,
            mime_type=FILE_TYPES[extension],
            size=len(content),
            created_by=by if isinstance(by, User) else None,
        )
        file.file.name = sealed_files.seal("template-files", str(file.pk), content)
        file.save()
        record("template.file_attached", actor=by, subject=template, data={"filename": filename})
    transaction.on_commit(short_cache.clear_cache)
    return file


def change_file(
    file: TemplateAttachment, *, link_text: str, retention_weeks: int, confirm_email: bool, by: Actor
) -> TemplateAttachment:
    """Say what the link reads, how long it works and whether recipients confirm their address; for emails from now on.

    Refuses brackets in the link's text (they would end it) and a time of less than 1 or more than 78 weeks.
    """
    require(by, file.template.service, MANAGE_TEMPLATES)
    if set(link_text) & set("[]()\r\n"):
        raise ActionRefused(Reason("link_text", "The link text cannot have brackets", "link_text"))
    if not MIN_WEEKS <= retention_weeks <= MAX_WEEKS:
        raise ActionRefused(Reason("weeks", "Enter a whole number between 1 and 78", "retention_weeks"))
    with transaction.atomic():
        file = _lock(file)
        file.link_text, file.retention_weeks, file.confirm_email = link_text.strip(), retention_weeks, confirm_email
        file.save(update_fields=["link_text", "retention_weeks", "confirm_email"])
        record("template.file_changed", actor=by, subject=file.template, data={"filename": file.filename})
    transaction.on_commit(short_cache.clear_cache)
    return file


def use_file(file: TemplateAttachment, *, by: Actor) -> None:
    """Put a file's name at the end of the message, unless the message names it already.

    Where the service wants four eyes, refuses: the name has to go into a draft then.
    """
    require(by, file.template.service, MANAGE_TEMPLATES)
    with transaction.atomic():
        file = _lock(file)
        words = _words(file.template)
        if names(words.body, file.filename):
            return
        if file.template.service.templates_need_approval:
            raise ActionRefused(f"Write (({file.filename})) into a draft of the template: somebody else has to publish it")
        edit_template(file.template, words=replace(words, body=f"{words.body.rstrip()}\n\n(({file.filename}))"), by=by)


def remove_file(file: TemplateAttachment, *, by: Actor) -> None:
    """Take a file out of the message and forget it; links that were sent work until their time is over.

    Refuses where nothing would be left of the message, and where the change needs somebody else's approval.
    """
    require(by, file.template.service, MANAGE_TEMPLATES)
    with transaction.atomic():
        file = _lock(file)
        file.archived_at = clock.now()
        file.save(update_fields=["archived_at"])
        words = _words(file.template)
        if names(words.body, file.filename):
            if file.template.service.templates_need_approval:
                raise ActionRefused(f"Take (({file.filename})) out of the message first: somebody else has to publish that")
            edit_template(file.template, words=replace(words, body=without(words.body, file.filename)), by=by)
        record("template.file_removed", actor=by, subject=file.template, data={"filename": file.filename})
    transaction.on_commit(short_cache.clear_cache)


def purge_removed() -> int:
    """Delete files that were removed and whose links have all expired; returns how many."""
    gone = TemplateAttachment.objects.filter(archived_at__lte=clock.now() - KEPT_AFTER_REMOVAL, documents=None)
    count = 0
    for file in gone.iterator(chunk_size=500):
        sealed_files.delete_file(file.file.name or "")
        file.delete()
        count += 1
    return count


def _check_service(template: MessageTemplate) -> None:
    service = template.service
    if template.channel != Channel.EMAIL:
        raise ActionRefused("Only emails can have files")
    if not service.has_permission(ServicePermission.SEND_FILES_VIA_UI):
        raise ActionRefused("Your service cannot send files. You can change this in settings")
    if not service.contact_link:
        raise ActionRefused("Add contact details first: the download page says whom to ask about the file")


def _check_file(filename: str, content: bytes) -> str:
    """The extension of a file; refuses a wrong name, size or type."""
    extension = filename.rsplit(".", 1)[-1].lower() if "." in filename else ""
    reasons = []
    if extension not in EXTENSIONS:
        reasons.append("The file must be a CSV, JPEG, PNG, Excel, Word, PDF, JSON, ODT, RTF or TXT file")
    elif not _is_a(extension, content) and content:
        reasons.append(f"The file’s name ends in .{extension}, but it is something else")
    if not content:
        reasons.append("The file is empty")
    if len(content) >= MAX_FILE_SIZE:
        reasons.append("The file must be smaller than 2 MB")
    if len(filename) > MAX_FILENAME:
        reasons.append("The file’s name must be 100 characters or fewer")
    if set(filename) & set("()[],?") or not filename.isprintable():
        reasons.append("The file’s name cannot have brackets, commas or question marks")
    if reasons:
        raise ActionRefused(*[Reason("file", reason, "file") for reason in reasons])
    return extension


def _is_a(extension: str, content: bytes) -> bool:
    start = _STARTS.get(extension)
    return content.startswith(start) if start else b"\x00" not in content


def _check_name(template: MessageTemplate, filename: str) -> None:
    used = template.files.active().values_list("filename", flat=True)
    if any(names(f"(({filename}))", other) for other in used):
        raise ActionRefused(Reason("name_taken", "This template has a file of this name already", "file"))
    if names(_words(template).subject, filename):
        raise ActionRefused(Reason("in_subject", f"The subject has a placeholder (({filename})): rename the file", "file"))


def _lock(file: TemplateAttachment) -> TemplateAttachment:
    """The file, fresh, with its template locked; refuses a removed one."""
    template = lock_template(file.template)
    locked = TemplateAttachment.objects.active().filter(pk=file.pk).first()
    if locked is None:
        raise ActionRefused("This file has been removed")
    locked.template = template
    return locked


def _words(template: MessageTemplate) -> TemplateContent:
    return TemplateContent.of(template.versions.get(number=template.version))
