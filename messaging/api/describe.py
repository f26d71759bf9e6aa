"""How the endpoints describe themselves in the OpenAPI document (/api/schema), for people at /api/docs."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from messaging.api.schemas import SCHEMAS, STATUSES, TEMPLATE_TYPES, UUID, ref

Decorator = Callable[[Any], Any]

_ERRORS = {
    400: "The request is wrong: the errors say how.",
    401: "There is no token.",
    403: "The token is not accepted, or the key may not do this.",
}
_MORE_ERRORS = {
    404: "There is no such thing in your service.",
    409: "It cannot be done now.",
    413: "The request is too large.",
    422: "This Idempotency-Key was used for something else.",
    429: "Too many requests this minute, or too many messages today; Retry-After says when to try again.",
}
_IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description="Makes the request safe to repeat: for 24 hours the same key gets the first answer again.",
)


def query(name: str, schema: dict[str, Any], description: str, *, many: bool = False) -> OpenApiParameter:
    """A parameter of the query; `many`: it may be repeated."""
    kind = {"type": "array", "items": schema} if many else schema
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=description, explode=many or None)


def path(name: str, schema: dict[str, Any] | None = None) -> OpenApiParameter:
    """A part of the path; an id unless told otherwise."""
    return OpenApiParameter(name, schema or UUID, OpenApiParameter.PATH)


OLDER_THAN = query("older_than", UUID, "The id of the last one on the page before: the page continues behind it.")


def endpoint(
    summary: str,
    answer: str | dict[str, Any],
    *,
    tag: str,
    request: str | dict[str, Any] | None = None,
    status: int = 200,
    refusals: tuple[int, ...] = (),
    parameters: tuple[OpenApiParameter, ...] = (),
    description: str = "",
    write: bool = False,
    operation_id: str | None = None,
) -> Decorator:
    """Describe one method of a view. `answer` and `request` name a schema of this API or are one."""
    errors = {**_ERRORS, **{code: _MORE_ERRORS[code] for code in refusals}}
    if write:
        errors |= {code: _MORE_ERRORS[code] for code in (409, 413, 422)}
    responses: dict[Any, Any] = {status: OpenApiResponse(_schema(answer), "Done.")}
    for code, text in sorted(errors.items()):
        responses[code] = OpenApiResponse(_refusal(code), text)
    return extend_schema(
        operation_id=operation_id,
        summary=summary,
        description=description or None,
        tags=[tag],
        request={"application/json": _schema(request)} if request is not None else None,
        responses=responses,
        parameters=[*parameters, *([_IDEMPOTENCY_KEY] if write else [])],
    )


def _refusal(code: int) -> dict[str, Any]:
    """An unknown URL has a body of its own."""
    return {"anyOf": [ref("Error"), ref("UnknownUrl")]} if code == 404 else ref("Error")


def _schema(named: str | dict[str, Any]) -> dict[str, Any]:
    return ref(named) if isinstance(named, str) else named


def add_components(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """spectacular's post-processing hook: the schemas that the endpoints refer to."""
    components = result.setdefault("components", {})
    components["schemas"] = {**components.get("schemas", {}), **SCHEMAS}
    return result


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """How to sign in."""

    target_class = "messaging.authentication.ApiKeyAuthentication"
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


# --- the public API ---------------------------------------------------------------------------------------------------
SEND_REFUSALS = (429,)
_SEND: dict[str, Any] = {"tag": "Send", "status": 201, "refusals": SEND_REFUSALS, "write": True}
send_text = endpoint("Send a text message", "TextSent", request="SendText", **_SEND, operation_id="send_text")
send_email = endpoint("Send an email", "EmailSent", request="SendEmail", **_SEND, operation_id="send_email")
send_letter = endpoint(
    "Send a letter",
    {"anyOf": [ref("LetterSent"), ref("PrecompiledLetterSent")]},
    request={"anyOf": [ref("SendLetter"), ref("SendPrecompiledLetter")]},
    **_SEND,
    operation_id="send_letter",
    description="From a template, with the address in `personalisation`, or as a PDF in `content`.",
)
send_bulk = endpoint(
    "Send up to 10,000 texts or emails",
    "BulkSent",
    request="SendBulk",
    **_SEND,
    operation_id="send_bulk",
    description="Each row is checked by itself and has an answer of its own. Counts as one request and as many messages. "
    "When the rows do not fit into today’s limit, none is sent.",
)
read_notification = endpoint(
    "Read a message",
    "Notification",
    tag="Read",
    refusals=(404,),
    parameters=(path("notification_id"),),
    operation_id="read_notification",
)
list_notifications = endpoint(
    "List messages",
    "Notifications",
    tag="Read",
    operation_id="list_notifications",
    description="Newest first, 250 to a page: messages sent with keys of the same type as yours.",
    parameters=(
        query("template_type", {"type": "string", "enum": list(TEMPLATE_TYPES)}, "Only these kinds.", many=True),
        query("status", {"type": "string", "enum": list(STATUSES)}, "Only these statuses.", many=True),
        query("reference", {"type": "string"}, "Only this reference."),
        query("include_jobs", {"type": "string", "enum": ["true", "True"]}, "Messages of spreadsheets too."),
        OLDER_THAN,
    ),
)
letter_pdf = extend_schema(
    operation_id="read_letter_pdf",
    summary="Fetch a letter’s PDF",
    tags=["Read"],
    parameters=[path("notification_id")],
    responses={
        (200, "application/pdf"): OpenApiResponse({"type": "string", "format": "binary"}, "The PDF."),
        **{
            (code, "application/json"): OpenApiResponse(_refusal(code), text)
            for code, text in {**_ERRORS, 404: _MORE_ERRORS[404]}.items()
        },
    },
)
cancel = endpoint(
    "Cancel a scheduled message",
    "Notification",
    tag="Send",
    refusals=(404,),
    parameters=(path("notification_id"),),
    write=True,
    operation_id="cancel_notification",
)
list_templates = endpoint(
    "List templates",
    "Templates",
    tag="Templates",
    operation_id="list_templates",
    parameters=(query("type", {"type": "string", "enum": list(TEMPLATE_TYPES)}, "Only this kind."),),
)
_TEMPLATE: dict[str, Any] = {"tag": "Templates", "refusals": (404,)}
read_template = endpoint(
    "Read a template", "Template", **_TEMPLATE, parameters=(path("template_id"),), operation_id="read_template"
)
read_template_version = endpoint(
    "Read a version of a template",
    "Template",
    **_TEMPLATE,
    parameters=(path("template_id"), path("version", {"type": "integer", "minimum": 0})),
    operation_id="read_template_version",
)
preview_template = endpoint(
    "Preview a message",
    "Preview",
    request="PreviewTemplate",
    **_TEMPLATE,
    parameters=(path("template_id"),),
    write=True,
    operation_id="preview_template",
)
list_received_texts = endpoint(
    "List received texts",
    "ReceivedTexts",
    tag="Read",
    parameters=(OLDER_THAN,),
    operation_id="list_received_texts",
)
