"""One-click unsubscribe (public-api §8)."""

import uuid
from typing import Any

import pytest
from django.test import Client

from messaging.message_templates.models import MessageTemplate
from messaging.notifications.links.unsubscribe import token_for
from messaging.notifications.models import Suppression, UnsubscribeRequest
from tests.helpers.api import Api, error

pytestmark = pytest.mark.django_db


def ask(notification_id: Any, token: str, method: str = "POST") -> tuple[int, Any]:
    response = Client(enforce_csrf_checks=True).generic(method, f"/unsubscribe/{notification_id}/{token}")
    return response.status_code, response.json()


def test_the_button_stops_the_emails(api: Api, email_template: MessageTemplate) -> None:
    body = {"email_address": "a@example.com", "template_id": str(email_template.pk), "personalisation": {"name": "x"}}
    _, sent = api.post("/v2/notifications/email", body)
    found = uuid.UUID(sent["id"])
    for _ in range(2):
        assert ask(found, token_for(found)) == (200, {"result": "success", "message": "Unsubscribe successful"})
    assert UnsubscribeRequest.objects.get().email_address == "a@example.com"
    assert Suppression.objects.get().reason == "unsubscribe"
    assert api.post("/v2/notifications/email", body) == error(
        400, "BadRequestError", "Can’t send to this recipient: they are on the service’s list of people not to contact"
    )


def test_bad_links_are_refused() -> None:
    found = uuid.uuid4()
    invalid = {"result": "error", "message": {"unsubscribe request": "This is not a valid unsubscribe link."}}
    expired = {"result": "error", "message": {"unsubscribe request": "This unsubscribe link is invalid or expired."}}
    assert ask(found, "x") == (404, invalid)
    assert ask("x", "x") == (404, invalid)
    assert ask(uuid.uuid4(), token_for(found)) == (404, invalid)
    assert ask(found, token_for(found)) == (404, expired)
    assert ask(found, token_for(found), "GET")[0] == 405
