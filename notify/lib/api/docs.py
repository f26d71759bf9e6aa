"""The page at /api/docs: the OpenAPI document for people, rendered here so that it needs no script and no other host."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularJSONAPIView

METHODS = ("get", "post", "put", "patch", "delete")
FIRST = ["Send", "Read", "Templates", "Manage templates"]


class SchemaView(SpectacularJSONAPIView):
    """GET /api/schema: the OpenAPI document."""

    access = "public"
    authentication_classes = ()
    permission_classes = ()


@login_not_required
@cache_control(max_age=300)
def docs(request: HttpRequest) -> HttpResponse:
    """GET /api/docs"""
    document = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    context = {"document": document, "groups": _groups(document), "api_base_url": settings.API_BASE_URL}
    return render(request, "api/docs.html", context)


docs.access = "public"  # type: ignore[attr-defined]


def _groups(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The operations by tag, the public API first."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                operation = methods[method]
                groups.setdefault(operation["tags"][0], []).append(_operation(document, path, method, operation))
    return [{"name": name, "operations": operations} for name, operations in sorted(groups.items(), key=_rank)]


def _rank(group: tuple[str, Any]) -> tuple[int, str]:
    name = group[0]
    return (FIRST.index(name) if name in FIRST else len(FIRST), name)


def _operation(document: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "description": "" if operation.get("description") == operation.get("summary") else operation.get("description", ""),
        "parameters": [_parameter(each) for each in operation.get("parameters", [])],
        "body": list(_fields(document, body)) if body else [],
        "responses": [_response(document, code, each) for code, each in operation["responses"].items()],
    }


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": parameter["name"],
        "place": parameter["in"],
        "type": _type(parameter["schema"]),
        "required": parameter.get("required", False),
        "description": parameter.get("description", ""),
    }


def _response(document: dict[str, Any], code: str, response: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = next(iter(response.get("content", {}).values()), {})
    schema = content.get("schema", {})
    fields = list(_fields(document, schema)) if code.startswith("2") else []
    return {"code": code, "description": response.get("description", ""), "fields": fields}


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The fields of an object one level deep, or of every alternative one after the other."""
    schema = _resolved(document, schema)
    for each in schema.get("oneOf", []):
        yield from _fields(document, each)
    required = schema.get("required", [])
    for name, field in schema.get("properties", {}).items():
        found = _resolved(document, field)
        yield {
            "name": name,
            "type": _type(found),
            "required": name in required,
            "description": found.get("description", ""),
        }


def _type(schema: dict[str, Any]) -> str:
    """What a value is, in a few words."""
    if "enum" in schema:
        return "one of " + ", ".join(str(each) for each in schema["enum"])
    kinds = schema.get("type", "any value")
    text = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
    return f"{text} ({schema['format']})" if "format" in schema else text
