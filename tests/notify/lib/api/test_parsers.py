"""Bodies: their limit and their JSON."""

import io

import pytest

from notify.lib.api import parsers
from notify.lib.api.errors import INVALID_JSON, ApiError
from notify.lib.api.parsers import LimitedJSONParser
from services.models import Service
from tests.helpers.api import Api, error, make_key


@pytest.mark.parametrize(
    "body", [b"", b" ", b"{", b"\xff", b"NaN", b"[Infinity]", b'"\\ud800"', b'{"a": "\\uDfff"}', b"[" * 99_999]
)
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(ApiError) as caught:
        LimitedJSONParser().parse(io.BytesIO(body))
    assert (caught.value.status_code, caught.value.errors) == (400, [{"error": "BadRequestError", "message": INVALID_JSON}])


@pytest.mark.parametrize(
    ("body", "value"), [(b"null", {}), (b"[1]", [1]), (b'"\\ud83d\\ude00"', "😀"), (b'{"a": 1}', {"a": 1})]
)
def test_json_is_read(body: bytes, value: object) -> None:
    assert LimitedJSONParser().parse(io.BytesIO(body)) == value


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_body_that_is_too_large_is_refused_before_anything_is_done(
    service: Service, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setattr(parsers, "MAX_BODY", 10)
    api = Api(make_key(service, scopes=["manage"]))
    path = "/api/senders/sms" + ("/2ebe4da8-17be-49fe-b02f-dff2760261a0" if method == "DELETE" else "")
    assert api.send(method, path, b"x" * 11) == error(
        413, "BadRequestError", "Request body is too large. It cannot be larger than 10 bytes."
    )
