"""Uploaded files, sealed in storage."""

import base64

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from notify.lib.crypto import decrypt, encrypt


def seal(folder: str, name: str, data: bytes) -> str:
    """Keep a file sealed; returns its path in storage."""
    return str(default_storage.save(f"{folder}/{name}.sealed", ContentFile(encrypt(base64.b64encode(data).decode()))))


def unseal(path: str) -> bytes:
    """A file that was kept with `seal`; refuses a missing one with FileNotFoundError."""
    with default_storage.open(path) as file:
        return base64.b64decode(decrypt(file.read()))


def delete_file(path: str) -> None:
    """Delete a file; a missing one is no fault."""
    if path:
        default_storage.delete(path)
