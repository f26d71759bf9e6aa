"""How the API says no: one envelope for every error (public-api §3.1), and the plain body of routing errors."""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from notify.lib.access import public
from notify.lib.refusals import ActionRefused, PermissionRefused

logger = logging.getLogger(__name__)

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


class ApiError(Exception):
    """An answer other than success. `extra` joins the entry, `headers` joins the answer."""

    def __init__(
        self,
        status: int,
        error: str,
        *messages: str,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.errors = [{"error": error, "message": message, **(extra or {})} for message in messages]
        self.headers = dict(headers or {})
        super().__init__(f"{status} {error}: {'; '.join(messages)}")


class RoutingError(Exception):
    """No such URL, or not with this method."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(str(status))


def bad_request(message: str) -> ApiError:
    """A business rule refused the request."""
    return ApiError(400, "BadRequestError", message)


def validation_error(messages: Sequence[str]) -> ApiError:
    """The body or query has the wrong shape; every fault is told at once."""
    return ApiError(400, "ValidationError", *messages)


def no_result() -> ApiError:
    """No such thing here: unknown, somebody else's or no longer kept."""
    return ApiError(404, "NoResultFound", "No result found")


def json_response(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """JSON with the headers every answer carries."""
    response = HttpResponse(
        json.dumps(data), status=status, content_type="application/json", headers={**COMMON_HEADERS, **(headers or {})}
    )
    # Django would log every refusal as a warning; a client's mistakes are no news to the operator.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def error_response(status: int, errors: Sequence[Mapping[str, Any]], headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The envelope of public-api §3.1."""
    return json_response({"status_code": status, "errors": list(errors)}, status, headers)


def routing_response(status: int) -> HttpResponse:
    """The body of an unknown URL (404) or a wrong method (405)."""
    message = NOT_FOUND if status == 404 else NOT_ALLOWED
    return json_response({"result": "error", "message": message}, status)


@csrf_exempt
@public
def not_found(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The view behind every URL of the API that is none."""
    return routing_response(404)


def _single(status: int, error: str, message: str, headers: Mapping[str, str] | None = None) -> HttpResponse:
    return error_response(status, [{"error": error, "message": message}], headers)


def exception_response(exc: Exception) -> HttpResponse:
    """The answer an exception stands for. A database that is away is a 503; what nobody foresaw is logged and a 500."""
    if isinstance(exc, ApiError):
        return error_response(exc.status, exc.errors, exc.headers)
    if isinstance(exc, RoutingError):
        return routing_response(exc.status)
    if isinstance(exc, ActionRefused):
        return _refusal_response(exc)
    if isinstance(exc, UnreadablePostError | SuspiciousOperation):
        return _single(400, "BadRequestError", INVALID_JSON)
    if isinstance(exc, OperationalError | InterfaceError):
        logger.error("database unavailable: %s", type(exc).__name__)
        return _single(503, "ServiceUnavailable", "The service is not available, try again later", {"Retry-After": "5"})
    logger.exception("unhandled error in the API", exc_info=exc)
    return _single(500, type(exc).__name__, "Internal server error")


def _refusal_response(exc: ActionRefused) -> HttpResponse:
    """An action's refusal: with its own status and error class where it has them."""
    default = 403 if isinstance(exc, PermissionRefused) else 400
    status = getattr(exc, "status_code", default)
    error = getattr(exc, "error", "BadRequestError")
    extra = getattr(exc, "extra", None) or {}
    # Whatever has its own error class is the public API's, whose entries have these two keys and no other.
    named = not hasattr(exc, "error")
    errors = [
        {"error": error, "message": reason.message, **({"field": reason.field} if named and reason.field else {}), **extra}
        for reason in exc.reasons
    ]
    return error_response(status, errors, getattr(exc, "headers", None))


def drf_exception_handler(exc: Exception, context: dict[str, Any]) -> HttpResponse:
    """REST framework's EXCEPTION_HANDLER, for the views that use its own dispatch."""
    status = getattr(exc, "status_code", None)
    if status is not None and hasattr(exc, "detail"):
        if status == 405:
            return routing_response(405)
        return _single(status, "AuthError" if status in (401, 403) else "BadRequestError", str(exc.detail))
    return exception_response(exc)
