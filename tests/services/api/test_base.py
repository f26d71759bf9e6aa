"""The base view is REST framework's: whatever class an engineer adds to a view takes part."""

import json
from typing import Any

import pytest
from django.test import Client
from rest_framework.parsers import FormParser
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.renderers import BaseRenderer
from rest_framework.throttling import BaseThrottle

from messaging.message_templates.api.templates import PreviewView, TemplatesView
from notify.lib.api.parsers import LimitedJSONParser
from notify.lib.api.renderers import WireJSONRenderer
from services.api.base import ApiView
from services.api.permissions import HasScope
from services.api.throttling import KeyRateThrottle
from services.models import Service
from tests.helpers.api import Api, error, make_key, make_template

pytestmark = pytest.mark.django_db

PATH = "/v2/templates"


class Never(BasePermission):
    message = "Not today"

    def has_permission(self, request: Any, view: Any) -> bool:
        return False


class Full(BaseThrottle):
    def allow_request(self, request: Any, view: Any) -> bool:
        return False

    def wait(self) -> float:
        return 7


class Plain(BaseRenderer):
    media_type = "text/plain"
    format = "txt"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        return f"{len(data['templates'])} templates".encode()


def test_a_permission_class_takes_part(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TemplatesView, "permission_classes", [HasScope, Never])
    assert api.get(PATH) == error(403, "AuthError", "Not today")
    monkeypatch.setattr(TemplatesView, "permission_classes", [IsAuthenticated])
    assert api.get(PATH) == (200, {"templates": []})


def test_a_throttle_takes_part(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TemplatesView, "throttle_classes", [Full])
    status, answer = api.get(PATH)
    assert (status, answer["errors"][0]["error"], api.headers["Retry-After"]) == (429, "RateLimitError", "7")


def test_the_rate_of_a_key_is_told_where_it_counts(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    api.get(PATH)
    assert "RateLimit-Limit" not in api.headers
    monkeypatch.setattr(TemplatesView, "throttle_classes", [KeyRateThrottle])
    api.get(PATH)
    assert api.headers["RateLimit-Limit"] == "3000"
    api.send("OPTIONS", PATH)
    assert "RateLimit-Limit" not in api.headers


def test_a_renderer_is_used_where_it_is_named_and_json_otherwise(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TemplatesView, "renderer_classes", [WireJSONRenderer, Plain])
    assert api.get(PATH, Accept="text/plain") == (200, b"0 templates")
    assert api.get(PATH, Accept="image/png") == (200, {"templates": []})


def test_a_parser_is_used_where_it_is_named_and_json_otherwise(
    api: Api, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/v2/template/{make_template(service, 'sms', body='Hi').pk}/preview"
    monkeypatch.setattr(PreviewView, "parser_classes", [LimitedJSONParser, FormParser])
    assert api.post(path, b"{}", **{"Content-Type": "application/x-www-form-urlencoded"})[0] in (200, 400)
    for kind in ("text/plain", "", "multipart/form-data"):
        response = Client().generic("POST", path, b"{}", content_type=kind, headers={"Authorization": api.bearer()})
        assert response.status_code == 200


def test_json_is_written_as_clients_know_it(api: Api, service: Service) -> None:
    make_template(service, "sms", name="Café")
    api.get(PATH)
    assert b'{"templates": [{"id": ' in api.raw
    assert b"Caf\\u00e9" in api.raw
    assert json.loads(api.raw)["templates"][0]["name"] == "Café"


def test_the_caller_is_the_key(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(ApiView, "options", lambda view, request: seen.append((request.user, request.auth)) or 1 / 0)
    key = make_key(service)
    assert Api(key).send("OPTIONS", PATH)[0] == 500
    assert seen == [(key, key)]
