"""Encryption at rest: secrets, and what messages say to whom."""

import hashlib
import hmac
import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

__all__ = ["EncryptedTextField", "InvalidToken", "decrypt", "decrypt_json", "encrypt", "encrypt_json", "keyed_hash"]


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _box() -> MultiFernet:
    return _fernet(tuple(settings.ENCRYPTION_KEYS))


def encrypt(text: str) -> bytes:
    """Seal a text with the newest key."""
    return _box().encrypt(text.encode())


def decrypt(sealed: bytes | memoryview) -> str:
    """Open what `encrypt` sealed with any known key; refuses anything else with InvalidToken."""
    return _box().decrypt(bytes(sealed)).decode()


def encrypt_json(value: object) -> bytes:
    """Seal a JSON value."""
    return encrypt(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def decrypt_json(sealed: bytes | memoryview) -> Any:
    """Open what `encrypt_json` sealed."""
    return json.loads(decrypt(sealed))


def keyed_hash(purpose: str, value: str) -> bytes:
    """16 bytes that find the same value again without telling it (exact search over encrypted columns)."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{purpose}\x1f{value}".encode(), hashlib.sha256).digest()[:16]


class EncryptedTextField(models.BinaryField):
    """Text in Python, sealed in the database. Not searchable; keep a `keyed_hash` beside it to look things up."""

    # What django-stubs reads the attribute's type from.
    _pyi_private_set_type: str
    _pyi_private_get_type: str  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: bytes | None, expression: Any, connection: Any) -> str | None:
        return None if value is None else decrypt(value)

    def to_python(self, value: object) -> Any:
        return value

    def get_db_prep_value(self, value: object, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            value = encrypt(value)
        return super().get_db_prep_value(value, connection, prepared)

    def value_to_string(self, obj: models.Model) -> str:
        return ""
