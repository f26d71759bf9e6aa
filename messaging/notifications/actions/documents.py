"""Files that recipients download: from the API's base64 to a sealed file and a link (public-api §4.5)."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import F

from content import MessageContent
from messaging.message_templates.constants import FILE_TYPES, MAX_FILE_SIZE, MAX_FILENAME
from messaging.message_templates.queries.attachments import files_named, team_url
from messaging.message_templates.queries.templates import version_of
from messaging.notifications.models import Document, Notification
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.rules.recipients import Recipient, recipient_hash
from messaging.notifications.rules.sending import is_simulated
from notify.lib import clock
from notify.lib.crypto import decrypt, encrypt, keyed_hash
from notify.lib.refusals import ActionRefused, Reason
from services.enums import ServicePermission
from services.models import Service

MAX_WRONG_EMAILS = 10
# How the files that need no name begin.
_SIGNATURES = {b"%PDF": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"{\\rtf": "rtf"}


@dataclass(frozen=True, slots=True)
class FileRequest:
    """A file as the API was given it, its shape already checked."""

    content: bytes
    filename: str
    extension: str
    weeks: int
    confirm_email: bool


@dataclass(frozen=True, slots=True)
class StoredFile:
    """The link to a file, and what is behind it (nothing for a simulated recipient)."""

    link: str
    document: Document | None = None


def store_document(service: Service, request: FileRequest, recipient: Recipient) -> StoredFile:
    """Seal a file for one recipient; nothing is stored for a simulated one."""
    if is_simulated(recipient):
        return StoredFile(f"{settings.BASE_URL}/services/{service.pk}/documents/test-document")
    key = secrets.token_urlsafe(16)
    document = Document(
        service=service,
        key_hash=hashlib.sha256(key.encode()).digest(),
        filename=request.filename,
        mime_type=FILE_TYPES[request.extension],
        size=len(request.content),
        email_hash=recipient_hash(recipient.normalised) if request.confirm_email else None,
        expires_at=clock.now() + timedelta(weeks=request.weeks),
    )
    sealed = encrypt(base64.b64encode(request.content).decode())
    document.file.save(f"{document.pk}.sealed", ContentFile(sealed), save=False)
    document.save()
    return StoredFile(f"{settings.BASE_URL}/d/{document.pk}/{key}", document)


def discard(files: Iterable[StoredFile]) -> None:
    """Take files back whose message was refused after all."""
    for stored in files:
        if stored.document is not None:
            stored.document.file.delete(save=False)
            stored.document.delete()


def with_own_links(words: MessageContent, notification: Notification, email_hash: bytes) -> MessageContent:
    """The words of one email with links of its own to the files they name.

    Ids and keys follow from the message, so that composing it again makes the same links.
    """
    template, version = version_of(notification.template_id, notification.template_version)
    files = files_named(template, version).values()
    body, documents = words.body, []
    for file in files:
        about = f"{notification.pk}{file.pk}"
        key = keyed_hash("document-key", about).hex()
        document = Document(
            id=UUID(bytes=keyed_hash("document-id", about), version=4),
            service_id=notification.service_id,
            template_file=file,
            key_hash=hashlib.sha256(key.encode()).digest(),
            filename=file.filename,
            mime_type=file.mime_type,
            size=file.size,
            email_hash=email_hash if file.confirm_email else None,
            expires_at=clock.now() + timedelta(weeks=file.retention_weeks),
        )
        documents.append(document)
        body = body.replace(team_url(file), f"{settings.BASE_URL}/d/{document.pk}/{key}")
    if documents:
        Document.objects.bulk_create(documents, ignore_conflicts=True)
    return replace(words, body=body) if documents else words


class DocumentGone(Exception):  # noqa: N818 - an answer, not a fault
    """There is no such file (any more), or the link is not quite right; faces answer 404."""


def find_document(document_id: UUID, key: str) -> Document:
    """The file behind a link. Refuses with DocumentGone what is not there, has expired, or has another key."""
    found = Document.objects.select_related("service", "template_file")
    document = found.filter(pk=document_id, expires_at__gt=clock.now()).first()
    if document is None or not hmac.compare_digest(bytes(document.key_hash), hashlib.sha256(key.encode()).digest()):
        raise DocumentGone
    return document


def read_document(document: Document, *, email_address: str = "") -> bytes:
    """The file's bytes, for the person it was sent to. Notes when it was first fetched.

    Where the sender asked for it, the address must be the one the link was sent to: refuses another (ActionRefused), and
    everybody after too many wrong ones, so that addresses cannot be tried out. The count is one statement, exact at any
    concurrency.
    """
    if document.email_hash is not None:
        _check_email(document, email_address)
    stored = document.template_file.file if document.template_file else document.file
    with stored.open("rb") as file:
        content = base64.b64decode(decrypt(file.read()))
    Document.objects.filter(pk=document.pk, first_downloaded_at__isnull=True).update(first_downloaded_at=clock.now())
    return content


def _check_email(document: Document, email_address: str) -> None:
    expected = bytes(document.email_hash or b"")
    may_try = Document.objects.filter(pk=document.pk, wrong_emails__lt=MAX_WRONG_EMAILS)
    if hmac.compare_digest(expected, recipient_hash(email_address.strip().lower())):
        if may_try.exists():
            return
    elif may_try.update(wrong_emails=F("wrong_emails") + 1):
        raise ActionRefused(Reason("wrong_email", "This is not the email address the file was sent to", "email_address"))
    raise ActionRefused(Reason("locked", "Too many wrong addresses: ask the sender for a new link", "email_address"))


def purge_expired() -> int:
    """Delete files whose time is over, from storage too; returns how many."""
    count = 0
    for document in Document.objects.filter(expires_at__lte=clock.now()).iterator(chunk_size=500):
        document.file.delete(save=False)
        document.delete()
        count += 1
    return count


def check_files_set_up(service: Service) -> None:
    """Refuse files while the download page would not say whom to contact."""
    if not service.has_permission(ServicePermission.SEND_FILES_VIA_UI):
        raise MessageRefused("files_off", "Service is not allowed to send files")
    if not service.contact_link:
        where = f"{settings.BASE_URL}/services/{service.pk}/service-settings/send-files-by-email"
        raise MessageRefused(
            "files_not_set_up", f"Add contact details for your service before you send files, at {where}", where=where
        )


def read_file(value: Mapping[str, Any], weeks: int) -> FileRequest:
    """Decode a file and check its size, name and type; refuses with MessageRefused."""
    try:
        content = base64.b64decode(value["file"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise MessageRefused("file_base64", "Cannot decode file (invalid base64 encoding)") from error
    if len(content) > MAX_FILE_SIZE:
        raise MessageRefused("file_size", "File is larger than 2MB")
    filename = value.get("filename")
    if filename and len(filename) > MAX_FILENAME:
        raise MessageRefused("file_name", "filename cannot be longer than 100 characters")
    extension = filename.rsplit(".", 1)[1].lower() if filename else _guess(content, bool(value.get("is_csv")))
    if extension not in FILE_TYPES:
        types = ", ".join(sorted(FILE_TYPES))
        raise MessageRefused(
            "file_type",
            f"Unsupported file type '{extension}'. Supported types are: '{types}'",
            extension=extension,
            types=types,
        )
    confirm = value.get("confirm_email_before_download")
    return FileRequest(
        content=content,
        filename=filename or f"document.{extension}",
        extension=extension,
        weeks=weeks,
        confirm_email=confirm is None or confirm,
    )


def _guess(content: bytes, is_csv: bool) -> str:
    """The extension of a file without a name."""
    if is_csv:
        return "csv"
    for start, extension in _SIGNATURES.items():
        if content.startswith(start):
            return extension
    if content.startswith(b"PK\x03\x04"):
        return _guess_office(content)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "unknown"
    return "txt"


def _guess_office(content: bytes) -> str:
    if b"opendocument.text" in content[:200]:
        return "odt"
    if b"xl/workbook" in content:
        return "xlsx"
    return "docx" if b"word/document" in content else "zip"
