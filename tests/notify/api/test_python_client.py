"""The unmodified official Python client against a server on a socket."""

import io
import uuid
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from notifications_python_client import prepare_upload
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from messaging.message_templates.models import MessageTemplate
from notify.lib import clock
from services.models import ApiKey, Service
from tests.factories.inbound import ReceivedTextFactory
from tests.factories.services import ReplyToFactory, SmsSenderFactory
from tests.helpers.api import make_key, make_service, make_template

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def service(transactional_db: None) -> Service:
    return make_service()


@pytest.fixture
def key(service: Service) -> ApiKey:
    return make_key(service)


@pytest.fixture
def client(key: ApiKey, live_server: Any) -> NotificationsAPIClient:
    return connect(key, live_server)


def connect(key: ApiKey, live_server: Any) -> NotificationsAPIClient:
    return NotificationsAPIClient(f"a_key-{key.service_id}-{key.secret}", base_url=live_server.url)


def test_a_text_and_an_email_are_sent_and_read_back(
    client: NotificationsAPIClient, service: Service, sms_template: MessageTemplate, email_template: MessageTemplate
) -> None:
    sender = SmsSenderFactory(service=service, name="COUNCIL")
    reply_to = ReplyToFactory(service=service, email_address="help@dept.gov.uk")
    text = client.send_sms_notification(
        phone_number="07700900123",
        template_id=str(sms_template.pk),
        personalisation={"name": "Sam"},
        reference="r-1",
        sms_sender_id=str(sender.pk),
    )
    email = client.send_email_notification(
        email_address="sam@example.com",
        template_id=str(email_template.pk),
        personalisation={"name": ["one", "two"]},
        reference="r-2",
        email_reply_to_id=str(reply_to.pk),
        one_click_unsubscribe_url="https://x.example/u",
    )
    assert text["content"] == {"body": "Hi Sam", "from_number": "COUNCIL"}
    assert email["content"]["subject"] == "Hello one and two"
    assert email["content"]["body"] == "Hi \n\n* one\n* two"
    assert client.get_notification_by_id(text["id"])["phone_number"] == "07700900123"
    assert client.get_notification_by_id(email["id"])["email_address"] == "sam@example.com"
    found = client.get_all_notifications(template_type="sms", reference="r-1", include_jobs=True)
    assert [n["id"] for n in found["notifications"]] == [text["id"]]
    assert client.get_all_notifications(status=["failed"])["notifications"] == []
    assert [n["id"] for n in client.get_all_notifications_iterator()] == [email["id"], text["id"]]


def test_a_file_is_uploaded(client: NotificationsAPIClient, service: Service, email_template: MessageTemplate) -> None:
    Service.objects.filter(pk=service.pk).update(contact_link="https://dept.gov.uk")
    upload = prepare_upload(
        io.BytesIO(b"a,b\n1,2\n"), filename="bins.csv", confirm_email_before_download=False, retention_period="4 weeks"
    )
    sent = client.send_email_notification("sam@example.com", str(email_template.pk), personalisation={"name": upload})
    assert "/d/" in sent["content"]["body"]


def test_templates_are_listed_read_and_previewed(
    client: NotificationsAPIClient, sms_template: MessageTemplate, email_template: MessageTemplate
) -> None:
    listed = client.get_all_templates(template_type="sms")["templates"]
    assert [t["id"] for t in listed] == [str(sms_template.pk)]
    assert client.get_template(str(email_template.pk))["subject"] == "Hello ((name))"
    assert client.get_template_version(str(email_template.pk), 1)["version"] == 1
    preview = client.post_template_preview(str(sms_template.pk), {"name": "Sam"})
    assert preview["body"] == "Hi Sam"


def test_received_texts_are_iterated(client: NotificationsAPIClient, service: Service) -> None:
    fields: dict[str, Any] = {"notify_number": "07900900900", "user_number": "447700900123", "user_hash": b"x" * 16}
    for number in range(3):
        ReceivedTextFactory(service=service, provider="sandbox", content=str(number), **fields)
    assert [text["content"] for text in client.get_received_texts_iterator()] == ["2", "1", "0"]
    assert len(client.get_received_texts()["received_text_messages"]) == 3


def test_errors_are_understood(client: NotificationsAPIClient, sms_template: MessageTemplate) -> None:
    with pytest.raises(HTTPError) as caught:
        client.send_sms_notification("abc", str(sms_template.pk))
    assert (caught.value.status_code, caught.value.message) == (
        400,
        [{"error": "ValidationError", "message": "phone_number Must not contain letters or symbols"}],
    )
    with pytest.raises(HTTPError) as caught:
        client.get_notification_by_id(str(uuid.uuid4()))
    assert (caught.value.status_code, caught.value.message) == (
        404,
        [{"error": "NoResultFound", "message": "No result found"}],
    )


def test_a_revoked_key_is_refused(key: ApiKey, live_server: Any) -> None:
    ApiKey.objects.update(revoked_at=clock.now() - timedelta(minutes=1))
    with pytest.raises(HTTPError) as caught:
        connect(key, live_server).get_all_templates()
    assert caught.value.message == [{"error": "AuthError", "message": "Invalid token: API key revoked"}]


def test_test_and_team_keys_see_their_own(service: Service, live_server: Any) -> None:
    template = make_template(service, "sms", body="Hi")
    testing = connect(make_key(service, "test"), live_server)
    sent = testing.send_sms_notification("07700900123", str(template.pk))
    assert [n["id"] for n in testing.get_all_notifications()["notifications"]] == [sent["id"]]
    assert connect(make_key(service, "team"), live_server).get_all_notifications()["notifications"] == []


def test_letters_are_sent_and_their_pdfs_fetched(client: NotificationsAPIClient, service: Service) -> None:
    template = make_template(service, "letter", postage="first")
    address = {"address_line_1": "Sam Poe", "address_line_2": "1 High St", "postcode": "SW1A 1AA"}
    letter = client.send_letter_notification(str(template.pk), {**address, "name": "Sam"}, reference="r-3")
    ready_made = client.send_precompiled_letter_notification("r-4", io.BytesIO(blank_pdf()), postage="first")
    assert letter["content"] == {"subject": "Hello Sam", "body": "Hi Sam"}
    assert ready_made == {"id": ready_made["id"], "reference": "r-4", "postage": "first"}
    assert client.get_notification_by_id(letter["id"])["line_1"] == "Sam Poe"
    assert client.get_pdf_for_letter(letter["id"]).read()[:5] == b"%PDF-"


def blank_pdf() -> bytes:
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page(page_size=(595, 842))
    document.save(out)
    return out.getvalue()
