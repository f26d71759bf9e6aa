"""A service with its keys and templates, and a client that signs its requests as the official ones do."""

import json
import time
import uuid
from typing import Any

import jwt
from django.test import Client

from accounts.models import User
from messaging.message_templates.models import MessageTemplate, TemplateVersion
from services.models import ApiKey, Service, SmsSender

PERSON = "ada@dept.gov.uk"


def make_service(name: str = "Bin days", *, live: bool = True, **fields: Any) -> Service:
    state = {"state": "live", "went_live_at": "2026-01-01T00:00:00Z"} if live else {}
    local_part = name.lower().replace(" ", ".")
    fields = {"normalised_name": local_part, "email_sender_local_part": local_part, **fields}
    service = Service.objects.create(name=name, organisation_type="central", **state, **fields)
    SmsSender.objects.create(service=service, name="BINS", is_default=True)
    return service


def make_key(service: Service, key_type: str = "normal", **fields: Any) -> ApiKey:
    secret = str(uuid.uuid4())
    name = f"{key_type} {uuid.uuid4().hex[:6]}"
    return ApiKey.objects.create(service=service, name=name, normalised_name=name, key_type=key_type, secret=secret, **fields)


def make_template(service: Service, channel: str, **words: Any) -> MessageTemplate:
    author = User.objects.get_or_create(email=PERSON, defaults={"name": "Ada"})[0]
    texts = {"name": f"Our {channel}", "subject": "" if channel == "sms" else "Hello ((name))", "body": "Hi ((name))"}
    texts = {**texts, **words}
    template = MessageTemplate.objects.create(
        service=service, channel=channel, name=texts["name"], slug=f"{channel}-{uuid.uuid4().hex[:8]}"
    )
    TemplateVersion.objects.create(template=template, number=1, created_by=author, **texts)
    return template


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
