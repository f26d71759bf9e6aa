"""A file sent by email, from the API to the recipient's browser."""

import base64
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client

from messaging.notifications.actions.compose import compose
from messaging.notifications.actions.documents import MAX_WRONG_EMAILS, purge_expired
from messaging.notifications.models import Document, Notification
from messaging.notifications.queries.activity import opened
from notify.lib import clock
from services.models import Service
from tests.helpers.api import Api, make_key, make_service, make_template

pytestmark = pytest.mark.django_db

CONTENT = b"a,b\n1,2\n"


@pytest.fixture
def sender(db: None) -> Service:
    return make_service("Refuse", contact_link="https://dept.gov.uk/contact")


def link(sender: Service, **more: Any) -> str:
    """The path in the email that a file was sent with."""
    template = make_template(sender, "email", body="Here: ((file))", subject="File")
    file = {"file": base64.b64encode(CONTENT).decode(), "filename": "bins.csv", **more}
    body = {"email_address": "Sam@example.com", "template_id": str(template.pk), "personalisation": {"file": file}}
    status, answer = Api(make_key(sender)).post("/v2/notifications/email", body)
    assert status == 201
    found = re.search(re.escape(settings.BASE_URL) + r"(/d/\S+)", answer["content"]["body"])
    assert found is not None
    return found[1]


def test_the_page_says_what_the_file_is_and_the_button_gives_it(sender: Service) -> None:
    path = link(sender, confirm_email_before_download=False)
    page = Client().get(path)
    assert page.status_code == 200
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    for text in ("Refuse", "bins.csv", "8\xa0bytes", "https://dept.gov.uk/contact"):
        assert text in page.content.decode()
    assert Document.objects.get().first_downloaded_at is None
    file = Client().post(path)
    assert (file.status_code, file.content) == (200, CONTENT)
    assert file.headers["Content-Disposition"] == 'attachment; filename="bins.csv"'
    assert file.headers["Content-Type"] == "text/csv"
    assert Document.objects.get().first_downloaded_at is not None


def test_only_the_recipient_opens_it(sender: Service) -> None:
    path = link(sender)
    assert Client().post(path, {"email_address": " SAM@example.com"}).content == CONTENT
    for typed, message in [
        ("", "Enter your email address"),
        ("x", "Enter an email address like name@example.com"),
        ("other@example.com", "This is not the email address the file was sent to"),
    ]:
        page = Client().post(path, {"email_address": typed})
        assert page.status_code == 200
        assert message in page.content.decode()


def test_addresses_cannot_be_tried_out(sender: Service) -> None:
    path = link(sender)
    for number in range(MAX_WRONG_EMAILS):
        Client().post(path, {"email_address": f"{number}@example.com"})
    page = Client().post(path, {"email_address": "sam@example.com"})
    assert "Too many wrong addresses: ask the sender for a new link" in page.content.decode()


def test_a_file_is_sealed_in_storage_and_goes_when_its_time_is_over(sender: Service) -> None:
    path = link(sender)
    document = Document.objects.get()
    name = document.file.name
    with default_storage.open(name) as stored:
        assert CONTENT not in stored.read()
    assert Client().get(path[:-1] + ("a" if path[-1] != "a" else "b")).status_code == 404
    Document.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert Client().get(path).status_code == 404
    assert purge_expired() == 1
    assert not Document.objects.exists()
    assert not default_storage.exists(name)


def test_the_link_is_a_link_in_the_email(sender: Service) -> None:
    path = link(sender)
    notification = Notification.objects.get()
    outgoing = compose(notification, opened([notification])[notification.pk]).outgoing
    assert f'href="{settings.BASE_URL}{path}"' in outgoing.html
    assert f"{settings.BASE_URL}{path}" in outgoing.text
