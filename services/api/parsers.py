"""Reading a request: the bytes within their limit, the JSON, the query."""

import json
from typing import Any

from django.http import HttpRequest

from notify.lib.api_errors import INVALID_JSON, ApiError, bad_request

# Room for ten thousand bulk rows, or for a letter of 5 MB in base64.
MAX_BODY = 10 * 1024 * 1024


def read_body(request: HttpRequest) -> bytes:
    """The body's bytes. Refuses more than MAX_BODY with 413, before reading them where the length is told."""
    try:
        told = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        told = 0
    if told > MAX_BODY:
        raise _too_large()
    body: bytes = request.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        raise _too_large()
    return body


def _too_large() -> ApiError:
    return ApiError(413, "BadRequestError", f"Request body is too large. It cannot be larger than {MAX_BODY} bytes.")


def parse_json(body: bytes) -> Any:
    """The JSON value of a body, null as {}. Refuses what is not JSON in UTF-8, NaN and half surrogates included."""
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
        if b"\\ud" in body or b"\\uD" in body:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise bad_request(INVALID_JSON) from error
    return {} if value is None else value


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def query(request: HttpRequest, *repeatable: str) -> dict[str, Any]:
    """The query's parameters: all values of the repeatable ones, the first of the others."""
    return {name: values if name in repeatable else values[0] for name, values in request.GET.lists() if values}
