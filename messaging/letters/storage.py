"""The PDFs of letters, sealed in storage in one folder a day so that a day can be forgotten whole."""

import base64
from datetime import date
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from notify.lib.crypto import decrypt, encrypt
from notify.lib.ids import uuid7_time

FOLDER = "letters"


def _path(notification_id: UUID) -> str:
    return f"{FOLDER}/{uuid7_time(notification_id):%Y-%m-%d}/{notification_id}.pdf.sealed"


def save(notification_id: UUID, pdf: bytes) -> None:
    """Keep a letter's PDF, in place of an earlier one."""
    path = _path(notification_id)
    if default_storage.exists(path):
        default_storage.delete(path)
    default_storage.save(path, ContentFile(encrypt(base64.b64encode(pdf).decode())))


def load(notification_id: UUID) -> bytes | None:
    """A letter's PDF, if one is kept."""
    try:
        with default_storage.open(_path(notification_id)) as file:
            return base64.b64decode(decrypt(file.read()))
    except FileNotFoundError:
        return None


def delete_pdf(notification_id: UUID) -> None:
    """Delete a letter's PDF."""
    default_storage.delete(_path(notification_id))


def delete_pdfs(notification_ids: list[UUID]) -> None:
    """Delete the PDFs of these messages, where they have any."""
    for notification_id in notification_ids:
        delete_pdf(notification_id)


def delete_pdfs_before(day: date) -> None:
    """Delete the PDFs of all letters made before a day."""
    if not default_storage.exists(FOLDER):
        return
    folders, _ = default_storage.listdir(FOLDER)
    for folder in folders:
        if folder < day.isoformat():
            _, files = default_storage.listdir(f"{FOLDER}/{folder}")
            for name in files:
                default_storage.delete(f"{FOLDER}/{folder}/{name}")
