"""How the endpoints describe themselves in the OpenAPI document (/api/schema), for people at /api/docs."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view

from services.api.schemas import SCHEMAS, STATUSES, TEMPLATE_TYPES, UUID, ref

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
    request: Any = None,
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
        description=description or summary,
        tags=[tag],
        request=_request(request),
        responses=responses,
        parameters=[*parameters, *([_IDEMPOTENCY_KEY] if write else [])],
    )


def _refusal(code: int) -> dict[str, Any]:
    """An unknown URL has a body of its own."""
    return {"anyOf": [ref("Error"), ref("UnknownUrl")]} if code == 404 else ref("Error")


def _request(body: Any) -> Any:
    """A named schema or one in full goes in as it is; a serializer describes itself."""
    return {"application/json": _schema(body)} if isinstance(body, str | dict) else body


def _schema(named: str | dict[str, Any]) -> dict[str, Any]:
    return ref(named) if isinstance(named, str) else named


def add_components(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """spectacular's post-processing hook: the schemas that the endpoints refer to."""
    components = result.setdefault("components", {})
    components["schemas"] = {**components.get("schemas", {}), **SCHEMAS}
    return result


class ApiKeyScheme(OpenApiAuthenticationExtension):
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
    description="From a template, with the address in personalisation, or as a PDF in content.",
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


# --- the management API -----------------------------------------------------------------------------------------------
# Input serializers describe themselves; what comes back is told by its shape alone.
_OBJECT: dict[str, Any] = {"type": "object"}
_DONE: dict[str, Any] = {"type": "object", "properties": {"id": UUID}, "required": ["id"]}
_MANAGED = "Manage templates"
_TEMPLATE_ID = (path("template_id"),)
_FILES = {
    "type": "object",
    "properties": {
        "files": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "Path → text. A path ends in <short-name>.email.md, .sms.md or .letter.md; the text begins with "
            "its settings (name, subject, …) as YAML between two lines of ---.",
        },
        "archive_missing": {"type": "boolean", "description": "Archive every template that no file names."},
        "plan": {"type": "string", "description": "Apply only if the plan is still this one."},
    },
    "required": ["files"],
    "additionalProperties": False,
}


def _manage(summary: str, operation_id: str, *, tag: str, answer: dict[str, Any] | None = None, **more: Any) -> Decorator:
    return endpoint(summary, answer or _OBJECT, tag=tag, operation_id=operation_id, **more)


list_managed_templates = _manage(
    "List templates with their drafts", "manage_list_templates", tag=_MANAGED, parameters=(OLDER_THAN,)
)
read_managed_template = _manage(
    "Read a template with its draft", "manage_read_template", tag=_MANAGED, parameters=_TEMPLATE_ID, refusals=(404,)
)
archive_template = _manage(
    "Archive a template",
    "archive_template",
    tag=_MANAGED,
    answer=_DONE,
    parameters=_TEMPLATE_ID,
    refusals=(404,),
    write=True,
)
publish_template = _manage(
    "Publish a template’s draft", "publish_template", tag=_MANAGED, parameters=_TEMPLATE_ID, refusals=(404,), write=True
)
export_template_files = _manage("Export all templates as files", "export_template_files", tag=_MANAGED)
plan_template_files = _manage(
    "Plan what a folder of files would change",
    "plan_template_files",
    tag=_MANAGED,
    request=_FILES,
    write=True,
    description="Changes nothing. Says for each template whether it would be created, updated, archived or left alone, "
    "which fields would change from what to what, and what is wrong with a file.",
)
apply_template_files = _manage(
    "Apply a folder of files",
    "apply_template_files",
    tag=_MANAGED,
    request=_FILES,
    write=True,
    description="Makes the templates be as the files say, all or nothing.",
)


def create_template(kind: Any) -> Decorator:
    return _manage("Create a template", "create_template", tag=_MANAGED, request=kind, status=201, refusals=(404,), write=True)


def edit_template(kind: Any) -> Decorator:
    return _manage(
        "Edit a template",
        "edit_template",
        tag=_MANAGED,
        request=kind,
        parameters=_TEMPLATE_ID,
        refusals=(404,),
        write=True,
        description="The new words are a new version, sent from now on; with draft they wait for publishing.",
    )


list_senders = _manage("List senders", "list_senders", tag="Manage senders")


def sender_kind(what: str, operation_id: str, kind: Any) -> Decorator:
    """The view that adds one kind of sender."""
    described = _manage(f"Add a {what}", operation_id, tag="Manage senders", answer=_DONE, request=kind, status=201, write=True)
    return extend_schema_view(post=described)


def sender(what: str, name: str, kind: Any) -> Decorator:
    """The view that changes and removes one kind of sender."""
    more: dict[str, Any] = {
        "tag": "Manage senders", "answer": _DONE, "parameters": (path("sender_id"),), "refusals": (404,), "write": True,
    }  # fmt: skip
    return extend_schema_view(
        put=_manage(f"Change a {what}", f"change_{name}", request=kind, **more),
        delete=_manage(f"Remove a {what}", f"remove_{name}", **more),
    )


_TEAM: dict[str, Any] = {"tag": "Manage the team", "write": True, "answer": _DONE}
read_team = _manage("Read the team and its invitations", "read_team", tag="Manage the team")
cancel_invitation = _manage(
    "Cancel an invitation", "cancel_invitation", parameters=(path("invitation_id"),), refusals=(404,), **_TEAM
)
remove_member = _manage("Remove a member", "remove_member", parameters=(path("user_id"),), refusals=(404,), **_TEAM)


def invite(kind: Any) -> Decorator:
    return _manage("Invite somebody", "invite", request=kind, status=201, **_TEAM)


def change_member(kind: Any) -> Decorator:
    return _manage(
        "Change a member’s permissions",
        "change_member",
        request=kind,
        parameters=(path("user_id"),),
        refusals=(404,),
        **_TEAM,
    )


_CALLBACK: dict[str, Any] = {"tag": "Manage callbacks", "answer": _DONE}
list_callbacks = _manage("List callbacks", "list_callbacks", tag="Manage callbacks")
read_callback = _manage("Read a callback", "read_callback", parameters=(path("callback_id"),), refusals=(404,), **_CALLBACK)
remove_callback = _manage(
    "Remove a callback", "remove_callback", parameters=(path("callback_id"),), refusals=(404,), write=True, **_CALLBACK
)


def add_callback(kind: Any) -> Decorator:
    return _manage("Add a callback", "add_callback", request=kind, status=201, write=True, **_CALLBACK)


def change_callback(kind: Any) -> Decorator:
    return _manage(
        "Change a callback",
        "change_callback",
        request=kind,
        parameters=(path("callback_id"),),
        refusals=(404,),
        write=True,
        **_CALLBACK,
    )


_DAY: dict[str, Any] = {"type": "string", "format": "date"}
read_statistics = _manage(
    "Read statistics",
    "read_statistics",
    tag="Figures",
    description="Messages by day, template and status, test keys left out. The last seven days unless told otherwise.",
    parameters=(query("from", _DAY, "The first day."), query("to", _DAY, "The last day.")),
)
read_usage = _manage(
    "Read usage",
    "read_usage",
    tag="Figures",
    description="What a financial year (from April) has used and cost so far, month by month.",
    parameters=(query("year", {"type": "integer", "minimum": 2000, "maximum": 2200}, "The year it began."),),
)
