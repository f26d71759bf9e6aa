"""The shapes of the public API as JSON Schema, for the OpenAPI document. What is checked is in validation.py."""

from typing import Any

from services.api.validation import MAX_REFERENCE, POSTAGE, STATUSES, TEMPLATE_TYPES

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def obj(properties: Schema, *, required: list[str] | None = None, extra: bool = False) -> Schema:
    """An object with these keys, all of them always there unless told otherwise."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if required is None else required,
        "additionalProperties": extra,
    }


def nullable(kind: str, **more: Any) -> Schema:
    return {"type": [kind, "null"], **more}


UUID: Schema = {"type": "string", "format": "uuid"}
TEXT: Schema = {"type": "string"}
URL: Schema = {"type": "string", "format": "uri"}
TIME: Schema = {"type": "string", "format": "date-time"}
TIME_OR_NULL: Schema = nullable("string", format="date-time")
TEXT_OR_NULL: Schema = nullable("string")
REFERENCE: Schema = {
    "type": "string",
    "maxLength": MAX_REFERENCE,
    "description": "Your own name for the message, to find it again by.",
}
PERSONALISATION: Schema = {
    "type": "object",
    "additionalProperties": True,
    "description": "A value for each placeholder of the template. Case, spaces, - and _ in the names do not matter.",
}
SCHEDULED_FOR: Schema = {
    **TIME_OR_NULL,
    "description": "When to send: at most 24 hours ahead. Until then the message can be cancelled.",
}
_VERSION = {"type": "integer", "minimum": 1}
_TEMPLATE_REF = obj({"id": UUID, "version": _VERSION, "uri": URL})


def _sent(content: Schema, **more: Schema) -> Schema:
    return obj(
        {
            "id": UUID,
            "reference": TEXT_OR_NULL,
            "content": content,
            "uri": URL,
            "template": _TEMPLATE_REF,
            "scheduled_for": TIME_OR_NULL,
            **more,
        }
    )


def _page(name: str, item: str) -> Schema:
    links = obj({"current": URL, "next": URL}, required=["current"])
    return obj({name: {"type": "array", "items": ref(item)}, "links": links})


_SMS_SENDER: Schema = {**UUID, "description": "Which of your text senders; the default one if absent."}
_REPLY_TO: Schema = {**UUID, "description": "Which of your reply-to addresses; the default one if absent."}
_SANITISE: Schema = nullable(
    "array",
    items=TEXT,
    description="Names of values from people you do not know: links and formatting in them are made harmless.",
)
_SMS_REQUEST: Schema = {
    "reference": REFERENCE,
    "phone_number": {**TEXT, "examples": ["07700 900123"]},
    "template_id": UUID,
    "personalisation": PERSONALISATION,
    "scheduled_for": SCHEDULED_FOR,
    "sms_sender_id": _SMS_SENDER,
}
_EMAIL_REQUEST: Schema = {
    "reference": REFERENCE,
    "email_address": {**TEXT, "examples": ["sam@example.com"]},
    "template_id": UUID,
    "personalisation": PERSONALISATION,
    "scheduled_for": SCHEDULED_FOR,
    "email_reply_to_id": _REPLY_TO,
    "one_click_unsubscribe_url": {
        **URL,
        "pattern": "^https",
        "description": "Where mail programs post when somebody unsubscribes.",
    },
    "sanitise_content_for": _SANITISE,
}
_ERROR = obj({"error": TEXT, "message": TEXT}, extra=True)

SCHEMAS: dict[str, Schema] = {
    "Error": obj({"status_code": {"type": "integer"}, "errors": {"type": "array", "items": _ERROR}}),
    "UnknownUrl": obj({"result": TEXT, "message": TEXT}),
    "SendText": obj(_SMS_REQUEST, required=["phone_number", "template_id"]),
    "SendEmail": obj(_EMAIL_REQUEST, required=["email_address", "template_id"]),
    "SendLetter": obj(
        {"reference": REFERENCE, "template_id": UUID, "personalisation": PERSONALISATION},
        required=["template_id", "personalisation"],
    ),
    "SendPrecompiledLetter": obj(
        {
            "reference": TEXT,
            "content": {"type": "string", "description": "The PDF in base64."},
            "postage": {"type": "string", "enum": list(POSTAGE)},
        },
        required=["reference", "content"],
    ),
    "TextSent": _sent(obj({"body": TEXT, "from_number": TEXT})),
    "EmailSent": _sent(
        obj({"subject": TEXT, "body": TEXT, "from_email": TEXT, "one_click_unsubscribe_url": TEXT_OR_NULL}),
        sanitised_content={"type": "object"},
    ),
    "LetterSent": _sent(obj({"subject": TEXT, "body": TEXT})),
    "PrecompiledLetterSent": obj({"id": UUID, "reference": TEXT, "postage": TEXT}),
    "Notification": obj(
        {
            "id": UUID,
            "reference": TEXT_OR_NULL,
            "email_address": TEXT_OR_NULL,
            "phone_number": TEXT_OR_NULL,
            **{f"line_{number}": TEXT_OR_NULL for number in range(1, 7)},
            "postcode": TEXT_OR_NULL,
            "type": {"type": "string", "enum": list(TEMPLATE_TYPES)},
            "status": {"type": "string", "enum": list(STATUSES)},
            "template": _TEMPLATE_REF,
            "body": TEXT,
            "subject": TEXT_OR_NULL,
            "created_at": TIME,
            "created_by_name": TEXT_OR_NULL,
            "sent_at": TIME_OR_NULL,
            "completed_at": TIME_OR_NULL,
            "scheduled_for": TIME_OR_NULL,
            "postage": TEXT_OR_NULL,
            "one_click_unsubscribe_url": TEXT_OR_NULL,
            "is_cost_data_ready": {"type": "boolean"},
            "cost_in_pounds": nullable("number"),
            "cost_details": {"type": "object"},
            "estimated_delivery": {**TIME, "description": "Letters only."},
        },
        required=["id", "reference", "type", "status", "template", "body", "subject", "created_at"],
    ),
    "Notifications": _page("notifications", "Notification"),
    "Template": obj(
        {
            "id": UUID,
            "name": TEXT,
            "type": {"type": "string", "enum": list(TEMPLATE_TYPES)},
            "created_at": TIME,
            "updated_at": TIME_OR_NULL,
            "created_by": TEXT,
            "version": _VERSION,
            "body": TEXT,
            "subject": TEXT_OR_NULL,
            "personalisation": {"type": "object"},
            "postage": TEXT_OR_NULL,
            "letter_contact_block": TEXT_OR_NULL,
        }
    ),
    "Templates": obj({"templates": {"type": "array", "items": ref("Template")}}),
    "PreviewTemplate": obj({"personalisation": PERSONALISATION}, required=[], extra=True),
    "Preview": obj(
        {
            "id": UUID,
            "type": {"type": "string", "enum": list(TEMPLATE_TYPES)},
            "version": _VERSION,
            "body": TEXT,
            "html": TEXT_OR_NULL,
            "subject": TEXT_OR_NULL,
            "postage": TEXT_OR_NULL,
        }
    ),
    "ReceivedText": obj(
        {
            "id": UUID,
            "created_at": TIME,
            "service_id": UUID,
            "notify_number": TEXT,
            "user_number": TEXT,
            "content": TEXT,
        }
    ),
    "ReceivedTexts": _page("received_text_messages", "ReceivedText"),
    "SendBulk": obj(
        {
            "template_id": UUID,
            "scheduled_for": SCHEDULED_FOR,
            "sms_sender_id": _SMS_SENDER,
            "email_reply_to_id": _REPLY_TO,
            "sanitise_content_for": _SANITISE,
            "notifications": {
                "type": "array",
                "minItems": 1,
                "maxItems": 10_000,
                "description": "Rows with phone_number or email_address, personalisation and reference.",
                # A row that is wrong is answered in its own result, so the request as a whole takes anything.
                "items": {
                    "description": "phone_number or email_address, and optionally personalisation, reference and (emails) "
                    "one_click_unsubscribe_url.",
                },
            },
        },
        required=["template_id", "notifications"],
    ),
    "BulkSent": obj(
        {
            "template": obj({"id": UUID, "version": _VERSION}),
            "scheduled_for": TIME_OR_NULL,
            "accepted": {"type": "integer"},
            "refused": {"type": "integer"},
            "results": {
                "type": "array",
                "items": obj(
                    {
                        "index": {"type": "integer"},
                        "status": {"type": "string", "enum": ["accepted", "refused"]},
                        "id": UUID,
                        "uri": URL,
                        "errors": {"type": "array", "items": _ERROR},
                    },
                    required=["index", "status"],
                ),
            },
        }
    ),
}
