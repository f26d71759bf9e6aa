"""How the API says no: REST framework's EXCEPTION_HANDLER, and what it answers where an action refuses."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, UnreadablePostError
from rest_framework import exceptions
from rest_framework.response import Response

from notify.lib.api.errors import INVALID_JSON, ApiError, routing_body, validation_error
from notify.lib.refusals import ActionRefused, PermissionRefused, Reason
from notify.lib.slots import Slot

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """What the API says of a refusal: words with `{details}` of it, an error class, a status, and which details join them."""

    words: str
    error: str = "BadRequestError"
    status: int = 400
    extra: tuple[str, ...] = ()


# Answers by kind of refusal and its code; the code "" is for codes without an answer of their own. A kind that has none
# says its own sentence: 403 for a PermissionRefused, otherwise 400, with the field.
answers: Slot[ErrorAnswer] = Slot()


def fill_answers(kind: type[ActionRefused], by_code: Mapping[str, ErrorAnswer]) -> None:
    """Say what the API answers when an action refuses with this kind and one of these codes."""
    for code, answer in by_code.items():
        answers.fill(answer, key=(kind, code))


def api_error(refused: ActionRefused) -> ApiError:
    """An action's refusal as the API tells it."""
    kind, code = type(refused), refused.reasons[0].code
    answer = answers.get((kind, code)) or answers.get((kind, ""))
    if answer is None:
        error = ApiError(403 if isinstance(refused, PermissionRefused) else 400, "BadRequestError")
        error.errors = [_entry(reason) for reason in refused.reasons]
        return error
    details = getattr(refused, "details", {})
    extra = {name: details[name] for name in answer.extra}
    return ApiError(answer.status, answer.error, answer.words.format(**details), extra=extra)


def _entry(reason: Reason) -> dict[str, str]:
    entry = {"error": "BadRequestError", "message": reason.message}
    return {**entry, "field": reason.field} if reason.field else entry


def exception_handler(exc: Exception, context: Mapping[str, Any]) -> Response:
    """The answer an exception stands for. A database that is away is a 503; what nobody foresaw is logged and a 500."""
    if isinstance(exc, Http404 | exceptions.NotFound):
        return _answer(routing_body(404), 404)
    if isinstance(exc, exceptions.MethodNotAllowed):
        return _answer(routing_body(405), 405)
    error = _as_api_error(exc)
    body = {"status_code": error.status_code, "errors": error.errors}
    return _answer(body, error.status_code, error.headers)


def _answer(body: Any, status: int, headers: Mapping[str, str] | None = None) -> Response:
    response = Response(body, status=status, headers=headers)
    # Django would log every refusal as a warning; a client's mistakes are no news to the operator.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _as_api_error(exc: Exception) -> ApiError:
    if isinstance(exc, ApiError):
        return exc
    if isinstance(exc, ActionRefused):
        return api_error(exc)
    if isinstance(exc, exceptions.ValidationError):
        return validation_error(_sentences(exc.detail))
    if isinstance(exc, exceptions.APIException):
        return _framework_error(exc)
    if isinstance(exc, UnreadablePostError | SuspiciousOperation):
        return ApiError(400, "BadRequestError", INVALID_JSON)
    if isinstance(exc, OperationalError | InterfaceError):
        logger.error("database unavailable: %s", type(exc).__name__)
        return ApiError(
            503, "ServiceUnavailable", "The service is not available, try again later", headers={"Retry-After": "5"}
        )
    logger.exception("unhandled error in the API", exc_info=exc)
    return ApiError(500, type(exc).__name__, "Internal server error")


def _framework_error(exc: exceptions.APIException) -> ApiError:
    """What REST framework's own classes, and those that others add, refuse with."""
    names = {401: "AuthError", 403: "AuthError", 429: "RateLimitError"}
    wait = getattr(exc, "wait", None)
    headers = {"Retry-After": f"{wait:.0f}"} if wait else None
    return ApiError(exc.status_code, names.get(exc.status_code, "BadRequestError"), str(exc.detail), headers=headers)


def _sentences(detail: Any, prefix: str = "") -> list[str]:
    """The faults of a body as sentences that begin with the field; those under "" speak for themselves."""
    if isinstance(detail, dict):
        found: list[str] = []
        for name, inner in detail.items():
            found += _sentences(inner, f"{prefix}.{name}" if prefix and name else prefix or str(name))
        return found
    if isinstance(detail, list) and detail and isinstance(detail[0], dict):
        return [text for n, inner in enumerate(detail) for text in _sentences(inner, f"{prefix}.{n}")]
    return [f"{prefix} {each}".strip() for each in detail]
