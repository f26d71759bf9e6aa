"""How the API says no: one envelope for every error (public-api §3.1), and the plain body of routing errors."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import APIException

from notify.lib.access import public

NOT_FOUND = (
    "The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again."
)
NOT_ALLOWED = "The method is not allowed for the requested URL."
INVALID_JSON = "Invalid JSON supplied in POST data"

# What every answer of the API carries (public-api §1). The data is personal, so nothing on the way may keep it.
COMMON_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Content-Type,Authorization",
    "Access-Control-Allow-Methods": "GET,PUT,POST,DELETE",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Cache-Control": "no-store, no-cache, private, must-revalidate",
}


class ApiError(APIException):
    """An answer other than success. `extra` joins the entry, `headers` joins the answer."""

    def __init__(
        self,
        status: int,
        error: str,
        *messages: str,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__("; ".join(messages))
        self.status_code = status
        self.errors: list[dict[str, Any]] = [{"error": error, "message": message, **(extra or {})} for message in messages]
        self.headers = dict(headers or {})


def bad_request(message: str) -> ApiError:
    """A business rule refused the request."""
    return ApiError(400, "BadRequestError", message)


def validation_error(messages: Sequence[str]) -> ApiError:
    """The body or query has the wrong shape; every fault is told at once."""
    return ApiError(400, "ValidationError", *messages)


def no_result() -> ApiError:
    """No such thing here: unknown, somebody else's or no longer kept."""
    return ApiError(404, "NoResultFound", "No result found")


def json_response(data: Any, status: int = 200) -> HttpResponse:
    """JSON with the headers every answer carries, for what is no view of the API."""
    response = HttpResponse(json.dumps(data), status=status, content_type="application/json", headers=COMMON_HEADERS)
    # Django would log every refusal as a warning; a client's mistakes are no news to the operator.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def routing_body(status: int) -> dict[str, str]:
    """The body of an unknown URL (404) or a wrong method (405)."""
    return {"result": "error", "message": NOT_FOUND if status == 404 else NOT_ALLOWED}


def routing_response(status: int) -> HttpResponse:
    """An unknown URL (404) or a wrong method (405), where there is no view of the API to say so."""
    return json_response(routing_body(status), status)


@csrf_exempt
@public
def not_found(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The view behind every URL of the API that is none."""
    return routing_response(404)
