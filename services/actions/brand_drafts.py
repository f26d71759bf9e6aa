"""A logo between uploading and saving: checked, stored apart, and named by a signed token that only its service can use."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from notify.lib import clock

_SALT = "services.brand_draft"
_LIFETIME = timedelta(hours=12)
_FOLDER = "branding/drafts/"


@dataclass(frozen=True)
class BrandDraft:
    """What was uploaded and chosen so far."""

    service_id: str
    file: str
    style: str
    colour: str
    is_organisations_own: bool

    def token(self) -> str:
        return signing.dumps(asdict(self), salt=_SALT, compress=True)

    def logo(self) -> bytes:
        """The checked picture. Refuses one that is gone with FileNotFoundError."""
        with default_storage.open(self.file) as file:
            return bytes(file.read())

    def discard(self) -> None:
        default_storage.delete(self.file)


def save_draft(service_id: UUID, png: bytes, *, style: str, colour: str, is_organisations_own: bool) -> BrandDraft:
    """Keep a checked picture until its team decides."""
    name = f"{_FOLDER}{service_id}-{hashlib.sha256(png).hexdigest()[:16]}.png"
    stored = name if default_storage.exists(name) else default_storage.save(name, ContentFile(png))
    return BrandDraft(str(service_id), stored, style, colour, is_organisations_own)


def read_draft(token: str, service_id: UUID) -> BrandDraft | None:
    """The draft behind a token; None for a forged, old or foreign one, and for one whose picture is gone."""
    try:
        draft = BrandDraft(**signing.loads(token, salt=_SALT, max_age=_LIFETIME))
    except (signing.BadSignature, TypeError):
        return None
    if draft.service_id != str(service_id) or not default_storage.exists(draft.file):
        return None
    return draft


def purge_old() -> int:
    """Delete pictures that nobody saved within a day; returns how many."""
    try:
        _, names = default_storage.listdir(_FOLDER)
    except FileNotFoundError:  # nobody has uploaded anything yet
        return 0
    limit = clock.now() - 2 * _LIFETIME
    old = [_FOLDER + name for name in names if default_storage.get_modified_time(_FOLDER + name) < limit]
    for name in old:
        default_storage.delete(name)
    return len(old)
