"""Who calls the API: a JSON web token signed with one of a service's keys (public-api §2).

This module must not import rest_framework.views: REST framework loads it while it loads its own views.
"""

import base64
import hashlib
import hmac
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import jwt
from django.db.models import Q
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from notify.lib import clock
from notify.lib.api.errors import ApiError
from notify.lib.short_cache import cached
from services.models import ApiKey, Service

# How many keys' last use is remembered between writes.
CACHE_SIZE = 10_000
# Seconds a client's clock may be off.
CLOCK_LEEWAY = 30
# A revoked key is remembered for a week so that its holder is told so.
REVOKED_KEPT = timedelta(days=7)
LAST_USED_EVERY = 60.0

GENERAL = (
    "Invalid token: make sure your API token matches the example at "
    "https://docs.notifications.service.gov.uk/rest-api.html#authorisation-header"
)
CLOCK = "Error: Your system clock must be accurate to within 30 seconds"


def _refuse(message: str, status: int = 403) -> ApiError:
    return ApiError(status, "AuthError", message)


@dataclass(frozen=True, slots=True)
class Credentials:
    """A service with its keys, as they were at most two seconds ago."""

    service: Service
    keys: tuple[ApiKey, ...]


_last_used: dict[uuid.UUID, float] = {}


def _credentials(service_id: uuid.UUID) -> Credentials | None:
    """The service and its keys; None if there is no such service."""
    service = Service.objects.select_related("organisation").filter(pk=service_id).first()
    if service is None:
        return None
    recent = Q(revoked_at__isnull=True) | Q(revoked_at__gt=clock.now() - REVOKED_KEPT)
    keys = tuple(ApiKey.objects.filter(recent, service=service))
    for key in keys:
        key.service = service
    return Credentials(service, keys)


def authenticate(request: HttpRequest) -> ApiKey:
    """The key that signed this request, its service loaded. Refuses with AuthError, 401 or 403 (public-api §2.3)."""
    token = _bearer_token(request)
    service_id = _issuer(token)
    credentials = cached(("credentials", service_id), lambda: _credentials(service_id))
    if credentials is None:
        raise _refuse("Invalid token: service not found")
    if not credentials.keys:
        raise _refuse("Invalid token: service has no API keys")
    if credentials.service.archived_at is not None:
        raise _refuse("Invalid token: service is archived")
    if credentials.service.suspended_at is not None:
        raise _refuse("Invalid token: service is suspended")
    key = _signing_key(token, credentials.keys)
    moment = clock.now()
    if key.revoked_at is not None and key.revoked_at <= moment:
        raise _refuse("Invalid token: API key revoked")
    if key.expires_at is not None and key.expires_at <= moment:
        raise _refuse("Invalid token: API key expired")
    _note_use(key)
    return key


def _bearer_token(request: HttpRequest) -> str:
    header = request.META.get("HTTP_AUTHORIZATION")
    if not header:
        raise _refuse("Unauthorized: authentication token must be provided", 401)
    if header[:7].lower() != "bearer ":
        raise _refuse("Unauthorized: authentication bearer scheme must be used", 401)
    return cast(str, header[7:])


def _issuer(token: str) -> uuid.UUID:
    """The service a token says it is from, read before the signature is known to be good."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
        raise _refuse(GENERAL) from error
    if "iss" not in claims:
        raise _refuse("Invalid token: iss field not provided")
    try:
        return uuid.UUID(claims["iss"])
    except (ValueError, TypeError, AttributeError) as error:
        raise _refuse("Invalid token: service id is not the right data type") from error


def _signing_key(token: str, keys: tuple[ApiKey, ...]) -> ApiKey:
    for key in _likeliest_first(token, keys):
        if _signed_with(token, key.secret):
            return key
    raise _refuse("Invalid token: API key not found")


def _likeliest_first(token: str, keys: tuple[ApiKey, ...]) -> list[ApiKey]:
    """The keys, the one whose signature fits in front: a full check of each would cost a service with many keys dearly."""
    text, _, signature = token.rpartition(".")

    def differs(key: ApiKey) -> bool:
        digest = hmac.new(key.secret.encode(), text.encode(), hashlib.sha256).digest()
        expected = base64.urlsafe_b64encode(digest).rstrip(b"=")
        return not hmac.compare_digest(expected, signature.encode())

    return sorted(keys, key=differs)


def _signed_with(token: str, secret: str) -> bool:
    """Whether this secret signed the token. Refuses a token that is signed well but not in time or not in shape."""
    try:
        claims = jwt.decode(token, secret, algorithms=["HS256"], leeway=CLOCK_LEEWAY)
    except (jwt.InvalidIssuedAtError, jwt.ImmatureSignatureError, TypeError, OverflowError) as error:
        raise _refuse(CLOCK) from error
    except (jwt.InvalidAlgorithmError, NotImplementedError) as error:
        raise _refuse("Invalid token: algorithm used is not HS256") from error
    except jwt.DecodeError:
        return False
    except jwt.PyJWTError as error:
        raise _refuse(GENERAL) from error
    if "iat" not in claims:
        return False
    if abs(int(time.time()) - int(claims["iat"])) > CLOCK_LEEWAY:
        raise _refuse(CLOCK)
    return True


def _note_use(key: ApiKey) -> None:
    """Remember when a key was last used, to the minute: a row written for every request would be a hot one."""
    moment = time.monotonic()
    if moment - _last_used.get(key.pk, -LAST_USED_EVERY) < LAST_USED_EVERY:
        return
    if len(_last_used) >= CACHE_SIZE:
        _last_used.clear()
    _last_used[key.pk] = moment
    now = clock.now()
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - timedelta(seconds=LAST_USED_EVERY))
    ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


class ApiKeyAuthentication(BaseAuthentication):
    """The key that signed the request is both REST framework's `user`, who acts, and its `auth`."""

    def authenticate(self, request: Request) -> tuple[ApiKey, ApiKey]:
        key = authenticate(request._request)
        return key, key
