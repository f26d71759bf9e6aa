"""A key of one service never reaches what belongs to another, by any endpoint there is."""

import uuid
from typing import Any

import pytest
from django.urls import URLPattern

from accounts.models import User
from callbacks.actions.endpoints import add_endpoint
from messaging.message_templates.models import MessageTemplate
from messaging.notifications.models import Notification
from notify.api import management, v2
from services.actions.members import add_member
from services.enums import KeyScope
from services.models import Service, SmsSender
from services.permissions import SERVICE_PERMISSIONS
from tests.factories.services import InvitationFactory, LetterContactFactory, ReplyToFactory
from tests.helpers.api import Api, make_key, make_service, make_template

pytestmark = pytest.mark.django_db

# Has no key: the token in the address is the permission.
OPEN = {"unsubscribe"}
WITH_IDS = [pattern for pattern in (*v2, *management) if "<" in str(pattern.pattern) and pattern.name not in OPEN]


@pytest.fixture
def theirs() -> dict[str, list[str]]:
    """One of everything that an address can name, of another service, by the name of the parameter."""
    other = make_service("Other")
    person = User.objects.create_user("ada@dept.gov.uk", name="Ada")
    add_member(other, user=person, permissions=list(SERVICE_PERMISSIONS), by=person)
    key = Api(make_key(other))
    template = make_template(other, "sms")
    letter = make_template(other, "letter")
    body = {"phone_number": "07700900123", "template_id": str(template.pk), "personalisation": {"name": "x"}}
    address = {"address_line_1": "A", "address_line_2": "B", "postcode": "SW1A 1AA", "name": "x"}
    key.post("/v2/notifications/sms", body)
    key.post("/v2/notifications/letter", {"template_id": str(letter.pk), "personalisation": address})
    reply_to = ReplyToFactory(service=other, email_address="a@dept.gov.uk")
    contact = LetterContactFactory(service=other, block="1 High St")
    sender = SmsSender.objects.get(service=other)
    invitation = InvitationFactory(service=other, email="x@dept.gov.uk")
    callback = add_endpoint(other, kind="delivery_status", url="https://dept.gov.uk/x", bearer_token="0123456789", by=person)
    found: dict[str, list[Any]] = {
        "notification_id": list(Notification.objects.values_list("pk", flat=True)),
        "template_id": [template.pk, letter.pk],
        "sender_id": [sender.pk, reply_to.pk, contact.pk],
        "invitation_id": [invitation.pk],
        "user_id": [person.pk],
        "callback_id": [callback.pk],
    }
    return {name: [str(each) for each in ids] for name, ids in found.items()}


def path(pattern: URLPattern, name: str, value: str) -> str:
    return "/" + str(pattern.pattern).replace(f"<str:{name}>", value).replace("<int:version>", "1")


@pytest.mark.parametrize("pattern", WITH_IDS, ids=lambda pattern: pattern.name)
def test_what_is_another_services_is_not_there(service: Service, theirs: dict[str, list[str]], pattern: URLPattern) -> None:
    api = Api(make_key(service, scopes=list(KeyScope.values)))
    name = next(parameter for parameter in theirs if f"<str:{parameter}>" in str(pattern.pattern))
    words = {"name": "x", "body": "x", "url": "https://x.gov.uk", "permissions": []}
    for value in [*theirs[name], str(uuid.uuid4())]:
        for method in ("GET", "POST", "PUT", "DELETE"):
            status, answer = api.send(method, path(pattern, name, value), words)
            assert status in (404, 405)
            assert "Other" not in str(answer)
    assert MessageTemplate.objects.filter(archived_at=None).count() == 2
    assert SmsSender.objects.filter(archived_at=None, service__name="Other").count() == 1


def test_every_kind_of_id_in_an_address_is_walked(theirs: dict[str, list[str]]) -> None:
    for pattern in WITH_IDS:
        assert any(f"<str:{name}>" in str(pattern.pattern) for name in theirs), pattern
