"""API keys: made, replaced and revoked."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction

from accounts import staff
from audit.record import record
from notify.lib import clock
from notify.lib.refusals import ActionRefused, Reason
from services.access import require
from services.enums import KeyScope, KeyType
from services.models import ApiKey, Service
from services.permissions import MANAGE_API_KEYS

# How long a replaced key may go on working.
LONGEST_OVERLAP = timedelta(days=7)


def key_prefix(name: str) -> str:
    """A key's name as the start of the key: lower case, no accents, spaces to underscores (reference: public-api §2.1)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]", "", re.sub(r"\s+", "_", plain.strip()))


def _normalised(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).casefold()


def create_key(
    service: Service,
    *,
    name: str,
    key_type: str,
    by: Any,
    scopes: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key; returns it with its full text, which is shown this once and stored only sealed.

    Refuses people without manage_api_keys, a live key while the service is not live, a name in use by another key, an
    unknown kind or scope, and an end in the past.
    """
    require(by, service, MANAGE_API_KEYS)
    name = " ".join(name.split())
    _check(name, key_type, scopes, expires_at)
    try:
        with transaction.atomic():
            service = Service.objects.select_for_update().get(pk=service.pk)
            if key_type == KeyType.NORMAL and not service.is_live:
                raise ActionRefused(
                    Reason("trial", "Your service is in trial mode, so you cannot create a live key", "key_type")
                )
            if service.archived_at:
                raise ActionRefused("This service is archived")
            secret = str(uuid4())
            key = ApiKey.objects.create(
                service=service,
                name=name,
                normalised_name=_normalised(name),
                key_type=key_type,
                secret=secret,
                scopes=sorted(set(scopes)),
                expires_at=expires_at,
                created_by=staff.person(by),
            )
            record("api_key.created", actor=by, subject=key, data={"kind": KeyType(key_type).label.lower()})
    except IntegrityError as error:
        raise ActionRefused(Reason("taken", "A key with this name already exists", "name")) from error
    return key, f"{key_prefix(name)}-{service.pk}-{secret}"


def _check(name: str, key_type: str, scopes: Sequence[str], expires_at: datetime | None) -> None:
    reasons = []
    if not name:
        reasons.append(Reason("required", "Enter a name for this key", "name"))
    elif len(name) > 255:
        reasons.append(Reason("too_long", "The name cannot be longer than 255 characters", "name"))
    if key_type not in KeyType.values:
        reasons.append(Reason("required", "Select a type of key", "key_type"))
    if set(scopes) - set(KeyScope.values):
        reasons.append(Reason("unknown_scope", "Choose what the key may do from the list", "scopes"))
    if expires_at is not None and expires_at <= clock.now():
        reasons.append(Reason("past", "The key’s last day must be in the future", "expires_at"))
    if reasons:
        raise ActionRefused(*reasons)


def revoke_key(key: ApiKey, *, by: Any) -> ApiKey:
    """Make a key useless, at once; revoking it again changes nothing."""
    require(by, key.service, MANAGE_API_KEYS)
    with transaction.atomic():
        key = ApiKey.objects.select_for_update().get(pk=key.pk)
        if key.revoked_at is None or key.revoked_at > clock.now():
            key.revoked_at = clock.now()
            key.save(update_fields=["revoked_at"])
            record("api_key.revoked", actor=by, subject=key)
    return key


def rotate_key(key: ApiKey, *, overlap: timedelta, by: Any) -> tuple[ApiKey, str]:
    """Replace a key by one of the same name, kind and scopes; the old one goes on working for `overlap`.

    Refuses an overlap above seven days and a key that is not in use.
    """
    require(by, key.service, MANAGE_API_KEYS)
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise ActionRefused(Reason("overlap", "The old key can go on working for up to 7 days", "overlap"))
    with transaction.atomic():
        key = ApiKey.objects.select_for_update().select_related("service").get(pk=key.pk)
        if key.revoked_at is not None:
            raise ActionRefused("This key has been revoked or replaced already")
        key.revoked_at = clock.now() + overlap
        key.save(update_fields=["revoked_at"])
        new, text = create_key(
            key.service, name=key.name, key_type=key.key_type, by=by, scopes=key.scopes, expires_at=key.expires_at
        )
        record("api_key.rotated", actor=by, subject=key, data={"until": clock.wire(key.revoked_at)})
    return new, text
