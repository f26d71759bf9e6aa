"""What every endpoint of the API does before and after its own work, in the order of public-api §4.1."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from rest_framework.views import APIView

from notify.lib.api_errors import COMMON_HEADERS, ApiError, RoutingError, exception_response
from services.api import idempotency, parsers, throttling
from services.api.authentication import ApiKeyAuthentication, authenticate
from services.models import ApiKey, Service

METHODS = ("get", "head", "post", "put", "patch", "delete")


class ApiView(APIView):
    """A view behind an API key. Handlers take Django's own request and answer with Django's own response.

    REST framework gives the schema; its dispatch (content negotiation, parsers, throttles) is left out, because sends
    go through here and none of it is used.
    """

    access = "api_key"
    authentication_classes: ClassVar[list[Any]] = [ApiKeyAuthentication]
    permission_classes: ClassVar[list[Any]] = []
    # What a key with scopes must have for this view; None: any of them will do.
    scope: str | None = None
    rate_limited = False
    # Methods for which the contract knows no such URL at all.
    unknown_methods: ClassVar[set[str]] = set()

    key: ApiKey

    @property
    def service(self) -> Service:
        return self.key.service

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.request = request  # type: ignore[assignment]
        self.args, self.kwargs = args, kwargs
        self.answer_headers: dict[str, str] = {}
        try:
            response = self._respond(request, kwargs)
        except Exception as error:  # noqa: BLE001 - the API answers every error in its own shape
            response = exception_response(error)
        for name, value in self.answer_headers.items():
            response.headers.setdefault(name, value)
        return response

    def _respond(self, request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse:
        method = (request.method or "").lower()
        handler = getattr(self, method, None) if method in METHODS else None
        if handler is None and method != "options":
            raise RoutingError(404 if method in self.unknown_methods else 405)
        self.key = authenticate(request)
        if handler is None:
            return HttpResponse(headers={**COMMON_HEADERS, "Allow": ", ".join(self._methods())})
        self.check_scope()
        if self.rate_limited:
            self._take_token()
        if method in ("get", "head"):
            return handler(request, **kwargs)
        return self._write(request, lambda: handler(request, **kwargs))

    def _methods(self) -> list[str]:
        return [name.upper() for name in (*METHODS, "options") if name == "options" or hasattr(self, name)]

    def check_scope(self) -> None:
        """Refuse a key that is limited to other things."""
        if self.scope is not None:
            self.require_scope(self.scope)

    def require_scope(self, scope: str) -> None:
        """Refuse a key with scopes that lacks this one; a key without scopes may send and read everything."""
        if self.key.scopes and scope not in self.key.scopes:
            raise ApiError(403, "AuthError", f"This API key does not have the scope {scope}")

    def _take_token(self) -> None:
        allowance = throttling.take(self.key)
        self.answer_headers.update(allowance.headers())
        if not allowance.allowed:
            kind = {"normal": "LIVE", "team": "TEAM", "test": "TEST"}[self.key.key_type]
            message = f"Exceeded rate limit for key type {kind} of {allowance.limit} requests per 60 seconds"
            raise ApiError(429, "RateLimitError", message)

    def _write(self, request: HttpRequest, work: Callable[[], HttpResponse]) -> HttpResponse:
        """Do a change, once only if the client named it."""
        self.raw_body = parsers.read_body(request)
        name = request.META.get("HTTP_IDEMPOTENCY_KEY")
        if name is None:
            return work()
        return idempotency.once(
            self.key, name, path=request.get_full_path(), body=self.raw_body, work=lambda: self._contained(work)
        )

    @staticmethod
    def _contained(work: Callable[[], HttpResponse]) -> HttpResponse:
        """The answer, refusals too, with whatever a refused attempt wrote undone."""
        try:
            with transaction.atomic():
                return work()
        except Exception as error:  # noqa: BLE001 - as in dispatch
            return exception_response(error)

    def data(self) -> Any:
        """The parsed body of a change."""
        return parsers.parse_json(self.raw_body)
