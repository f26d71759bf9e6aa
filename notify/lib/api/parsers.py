"""Reading a request: the bytes within their limit, and the JSON in them."""

import io
import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.functional import cached_property
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from notify.lib.api.errors import INVALID_JSON, ApiError, bad_request

# Room for ten thousand bulk rows, or for a letter of 5 MB in base64.
MAX_BODY = 10 * 1024 * 1024


class ApiRequest(Request):
    """A request whose body is read, within its limit, whatever its headers say of it."""

    @cached_property
    def body(self) -> bytes:
        """The body's bytes. Refuses more than MAX_BODY with 413, before reading them where the length is told."""
        length = self._request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > MAX_BODY:
            raise _too_large()
        return _limited(self._request)

    def _load_stream(self) -> None:
        self._stream = io.BytesIO(self.body)


class LimitedJSONParser(BaseParser):
    """JSON in UTF-8, null as {}. Refuses a body of more than MAX_BODY (413), and what is no JSON (400), NaN and half
    surrogates included."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping | None = None) -> Any:
        return parse_json(_limited(stream))


def _limited(stream: Any) -> bytes:
    body: bytes = stream.read(MAX_BODY + 1)
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
