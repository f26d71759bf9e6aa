"""A POST that may be repeated safely: its answer is kept for a day under the client's Idempotency-Key.

The answer is written in the transaction of the work itself, so that after any crash there are both or neither.
"""

import contextlib
import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from rest_framework.permissions import SAFE_METHODS
from rest_framework.response import Response
from rest_framework.views import APIView

from notify.lib import clock
from notify.lib.api.errors import ApiError
from notify.lib.api.parsers import ApiRequest
from notify.lib.crypto import decrypt, encrypt, keyed_hash
from services.models import ApiKey, IdempotencyKey

_SHAPE = re.compile(r"[\x21-\x7e]{1,255}")
# Not kept: the same request is expected to succeed later, or is the platform's own fault.
NOT_KEPT = frozenset({401, 403, 409, 413, 429})


class _Discard(Exception):  # noqa: N818 - carries an answer out of a transaction that is rolled back
    def __init__(self, response: HttpResponse) -> None:
        self.response = response


class Idempotent(APIView):
    """A view whose changes are made once only, if the client named them with Idempotency-Key."""

    key: ApiKey

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method in SAFE_METHODS:
            return
        # Whatever a change does with its body, one that is too large is refused before it begins.
        body = request.body
        name = request.META.get("HTTP_IDEMPOTENCY_KEY")
        if name is None:
            return
        method = str(request.method).lower()
        handler = getattr(self, method)

        def handle_once(*args: Any, **kwargs: Any) -> HttpResponse:
            def work() -> HttpResponse:
                return self._contained(lambda: handler(*args, **kwargs), request)

            return once(self.key, name, path=request.get_full_path(), body=body, work=work)

        setattr(self, method, handle_once)

    def _contained(self, work: Callable[[], HttpResponse], request: ApiRequest) -> HttpResponse:
        """The answer in bytes, refusals too, with whatever a refused attempt wrote undone."""
        try:
            with transaction.atomic():
                response: Any = work()
        except Exception as error:  # noqa: BLE001 - as in REST framework's own dispatch
            response = self.handle_exception(error)
        response = self.finalize_response(request, response)
        return response.render() if isinstance(response, Response) else response


def once(key: ApiKey, idempotency_key: str, *, path: str, body: bytes, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Do the work once for this key; a repetition gets the first answer and `Idempotent-Replayed: true`.

    Refuses a malformed key (400), a key whose first request still runs (409) and one used with another body (422).
    Keys of different services and key types never meet.
    """
    if not _SHAPE.fullmatch(idempotency_key):
        raise ApiError(400, "BadRequestError", "Idempotency-Key must be 1 to 255 visible ASCII characters")
    fingerprint = _fingerprint(path, body)
    try:
        with transaction.atomic():
            _lock(key, idempotency_key)
            known = _known(key, idempotency_key)
            if known is not None:
                return _replay(known, fingerprint)
            response = work()
            if response.status_code >= 500 or response.status_code in NOT_KEPT:
                raise _Discard(response)
            _keep(key, idempotency_key, fingerprint, response)
            return response
    except _Discard as discarded:
        return discarded.response


def _fingerprint(path: str, body: bytes) -> bytes:
    """A hash of what was asked; two spellings of the same JSON are the same."""
    with contextlib.suppress(ValueError, RecursionError):
        body = json.dumps(json.loads(body), sort_keys=True).encode()
    return hashlib.sha256(path.encode() + b"\0" + body).digest()


def _lock(key: ApiKey, idempotency_key: str) -> None:
    """Hold the key until the transaction ends, or refuse: somebody else does."""
    name = f"{key.service_id}:{key.key_type}:{idempotency_key}"
    number = int.from_bytes(keyed_hash("idempotency", name)[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        (held,) = cursor.fetchone()
    if not held:
        message = "A request with this Idempotency-Key is still running"
        raise ApiError(409, "IdempotencyError", message, headers={"Retry-After": "1"})


def _known(key: ApiKey, idempotency_key: str) -> IdempotencyKey | None:
    mine = {"service_id": key.service_id, "key_type": key.key_type, "key": idempotency_key}
    oldest = clock.now() - getattr(settings, "IDEMPOTENCY_LIFETIME", timedelta(hours=24))
    IdempotencyKey.objects.filter(**mine, created_at__lt=oldest).delete()
    return IdempotencyKey.objects.filter(**mine).first()


def _replay(known: IdempotencyKey, fingerprint: bytes) -> HttpResponse:
    if bytes(known.body_hash) != fingerprint:
        raise ApiError(422, "IdempotencyError", "This Idempotency-Key was already used with a different request")
    content = decrypt(bytes(known.response or b""))
    headers = {"Idempotent-Replayed": "true"}
    return HttpResponse(content, status=known.status_code, content_type="application/json", headers=headers)


def _keep(key: ApiKey, idempotency_key: str, fingerprint: bytes, response: HttpResponse) -> None:
    """Sealed, because an answer repeats what the message says."""
    IdempotencyKey.objects.create(
        service_id=key.service_id,
        key_type=key.key_type,
        key=idempotency_key,
        body_hash=fingerprint,
        status_code=response.status_code,
        response=encrypt(response.content.decode()),
        created_at=clock.now(),
    )
