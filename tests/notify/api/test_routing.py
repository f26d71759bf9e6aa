"""What is no endpoint (public-api §1)."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from notify.lib.api.errors import NOT_ALLOWED, NOT_FOUND
from services.api import authentication

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v2"),
        ("GET", "/v2/"),
        ("GET", "/v2/templates/"),
        ("POST", "/v2/nothing"),
        ("POST", "/v2/notifications/pigeon"),
        ("GET", "/v2/template/2ebe4da8-17be-49fe-b02f-dff2760261a0/version/x"),
        ("GET", "/service/2ebe4da8-17be-49fe-b02f-dff2760261a0/template/x/versions"),
        ("GET", "/api/nothing"),
    ],
)
def test_an_unknown_url_is_a_404_before_anything_else(method: str, path: str) -> None:
    response = Client().generic(method, path)
    assert response.status_code == 404
    if path.startswith(("/v2", "/api")):
        assert response.json() == {"result": "error", "message": NOT_FOUND}


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v2/notifications"), ("PUT", "/v2/templates"), ("GET", "/v2/notifications/bulk"), ("DELETE", "/v2/templates")],
)
def test_a_wrong_method_is_a_405_before_anything_else(method: str, path: str) -> None:
    response = Client().generic(method, path)
    if path.endswith("bulk"):
        assert response.status_code == 405
    assert (response.status_code, response.json()) == (405, {"result": "error", "message": NOT_ALLOWED})


def test_answers_carry_the_contracts_headers() -> None:
    response = Client().get("/v2/templates")
    assert {name: response.headers[name] for name in ("Access-Control-Allow-Origin", "Cache-Control", "Content-Type")} == {
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "no-store, no-cache, private, must-revalidate",
        "Content-Type": "application/json",
    }
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("fault", "status", "error", "message"),
    [
        (OperationalError("gone"), 503, "ServiceUnavailable", "The service is not available, try again later"),
        (KeyError("secret detail"), 500, "KeyError", "Internal server error"),
    ],
)
def test_faults_of_ours_tell_no_details(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int, error: str, message: str
) -> None:
    def broken(request: Any) -> Any:
        raise fault

    monkeypatch.setattr(authentication, "authenticate", broken)
    response = Client().get("/v2/templates")
    assert (response.status_code, response.json()) == (
        status,
        {"status_code": status, "errors": [{"error": error, "message": message}]},
    )
    assert response.headers.get("Retry-After") == ("5" if status == 503 else None)
