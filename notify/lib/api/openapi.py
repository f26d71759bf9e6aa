"""The OpenAPI document (/api/schema, for people at /api/docs): what views and serializers do not say by themselves."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    PolymorphicProxySerializer,
    extend_schema,
)

from notify.lib.api.serializers import ErrorSerializer, LinksSerializer, Shape, UnknownUrlSerializer

_ERRORS = {
    400: "The request is wrong: the errors say how.",
    401: "There is no token.",
    403: "The token is not accepted, or the key may not do this.",
}
_NOT_THERE = {404: "There is no such thing in your service."}
_WRITE_ERRORS = {
    409: "It cannot be done now.",
    413: "The request is too large.",
    422: "This Idempotency-Key was used for something else.",
}
_RATE_ERRORS = {
    429: "Too many requests this minute, or too many messages today; Retry-After says when to try again.",
}
_IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description="Makes the request safe to repeat: for 24 hours the same key gets the first answer again.",
)
_PATH = {"str": {"type": "string", "format": "uuid"}, "int": {"type": "integer", "minimum": 0}}


def endpoint(
    operation_id: str, summary: str, answer: Any, *, request: Any = None, status: Any = 200, description: str = ""
) -> Callable[[Any], Any]:
    """Name one method of a view and say what it takes and answers; the rest follows from the view."""
    return extend_schema(
        operation_id=operation_id,
        summary=summary,
        description=description or summary,
        request=request,
        responses={status: OpenApiResponse(answer, "Done.")},
    )


def page_of(name: str, item: type[Shape]) -> type[Shape]:
    """A page of a list, as KeysetPagination answers it."""
    title = item.__name__.replace("Serializer", "Page") + "Serializer"
    return type(title, (Shape,), {name: item(many=True), "links": LinksSerializer()})


def either(name: str, *shapes: type[Shape]) -> PolymorphicProxySerializer:
    """One of several shapes."""
    return PolymorphicProxySerializer(name, list(shapes), resource_type_field_name=None)


class ApiSchema(AutoSchema):
    """What every endpoint has: a tag, the contract's refusals, the Idempotency-Key of a write, ids in the path."""

    @property
    def _writes(self) -> bool:
        return self.method not in ("GET", "HEAD") and hasattr(self.view, "scope")

    def get_tags(self) -> list[str]:
        return [getattr(self.view, "tag", "API")]

    def get_override_parameters(self) -> list[Any]:
        query = getattr(self.view, "query_serializer", None) if self.method == "GET" else None
        return [*([query] if query else []), *([_IDEMPOTENCY_KEY] if self._writes else [])]

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        return [
            {"in": "path", "name": name, "schema": _PATH["int" if name == "version" else "str"], "required": True}
            for name in variables
        ]

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        refers = "{" in self.path or (self._writes and getattr(self.view, "names_others", False))
        errors = _ERRORS | (_NOT_THERE if refers else {}) | (_WRITE_ERRORS if self._writes else {})
        errors |= _RATE_ERRORS if self.view.throttle_classes else {}
        for code, text in errors.items():
            shape: Any = either("NotThere", ErrorSerializer, UnknownUrlSerializer) if code == 404 else ErrorSerializer
            response = OpenApiResponse(shape, text)
            found = self._get_response_for_code(response, str(code), ["application/json"])  # type: ignore[no-untyped-call]
            bodies[str(code)] = found
        return bodies


class StrictShapes(OpenApiSerializerExtension):
    """Shapes have the keys they name and no others."""

    target_class = "notify.lib.api.serializers.Strict"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Any) -> dict[str, Any]:
        schema = auto_schema._map_serializer(  # type: ignore[no-untyped-call]
            self.target, direction, bypass_extensions=True
        )
        if not type(self.target).__doc__:
            schema.pop("description", None)
        for field in schema.get("properties", {}).values():
            for each in (field, field.get("items", {})):
                each.pop("x-spec-enum-id", None)
        return {**schema, "additionalProperties": self.target.takes_more}


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How to sign in."""

    target_class = "services.api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "A JSON web token made for each request: claims iss (the service id) and iat (now), signed "
            "HS256 with the secret of an API key. The key is the last 36 characters of what you were shown; the service "
            "id is the 36 characters before it.",
        }
