"""A service with its keys and templates, and a client that signs its requests as the official ones do."""

import json
import time
import uuid
from typing import Any

import jwt
from django.test import Client

from messaging.message_templates.models import MessageTemplate
from services.models import ApiKey, Service
from tests.factories.accounts import UserFactory
from tests.factories.message_templates import TemplateFactory
from tests.factories.services import ApiKeyFactory, LiveServiceFactory, ServiceFactory

PERSON = "ada@dept.gov.uk"


def make_service(name: str = "Bin days", *, live: bool = True, **fields: Any) -> Service:
    """A service without an organisation that sends as BINS."""
    local_part = name.lower().replace(" ", ".")
    values = {"normalised_name": local_part, "email_sender_local_part": local_part, "organisation": None, "sender": "BINS"}
    if live:
        return LiveServiceFactory(name=name, **{"went_live_at": "2026-01-01T00:00:00Z", **values, **fields})
    return ServiceFactory(name=name, **{**values, **fields})


def make_key(service: Service, key_type: str = "normal", **fields: Any) -> ApiKey:
    name = f"{key_type} {uuid.uuid4().hex[:6]}"
    return ApiKeyFactory(service=service, name=name, normalised_name=name, key_type=key_type, **fields)


def make_template(service: Service, channel: str, **words: Any) -> MessageTemplate:
    """A template of Ada's with one version."""
    texts = {"name": f"Our {channel}", "subject": "" if channel == "sms" else "Hello ((name))", **words}
    return TemplateFactory(
        service=service,
        channel=channel,
        name=texts["name"],
        slug=f"{channel}-{uuid.uuid4().hex[:8]}",
        words={"created_by": UserFactory(name="Ada", email=PERSON), **texts},
    )


def token(service_id: Any, secret: str, **claims: Any) -> str:
    payload = {"iss": str(service_id), "iat": int(time.time()), **claims}
    return jwt.encode({k: v for k, v in payload.items() if v is not ...}, secret, algorithm="HS256")


class Api:
    """Speaks to the API with one key: `api.post(path, body)` answers (status, parsed body)."""

    def __init__(self, key: ApiKey) -> None:
        self.key = key
        self.client = Client(raise_request_exception=False)
        self.headers: dict[str, str] = {}

    def bearer(self, **claims: Any) -> str:
        return f"Bearer {token(self.key.service_id, self.key.secret, **claims)}"

    def send(self, method: str, path: str, data: Any = None, **headers: str) -> tuple[int, Any]:
        body = data if isinstance(data, bytes) else (b"" if data is None else json.dumps(data).encode())
        response = self.client.generic(
            method, path, body, content_type="application/json", headers={"Authorization": self.bearer(), **headers}
        )
        self.headers = dict(response.headers)
        self.raw = response.content
        is_json = response.headers.get("Content-Type") == "application/json" and response.content
        return response.status_code, json.loads(response.content) if is_json else response.content

    def get(self, path: str, **headers: str) -> tuple[int, Any]:
        return self.send("GET", path, **headers)

    def post(self, path: str, data: Any = None, **headers: str) -> tuple[int, Any]:
        return self.send("POST", path, data, **headers)


def error(status: int, name: str, message: str) -> tuple[int, Any]:
    """The whole answer of one error."""
    return status, {"status_code": status, "errors": [{"error": name, "message": message}]}
