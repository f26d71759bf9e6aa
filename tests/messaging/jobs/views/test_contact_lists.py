"""Contact lists on the web."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from messaging.jobs.models import ContactList, Job
from tests.factories.accounts import UserFactory
from tests.factories.jobs import ContactListFactory, JobFactory
from tests.factories.message_templates import TemplateFactory
from tests.factories.services import LiveServiceFactory, join

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    return LiveServiceFactory()


@pytest.fixture
def client(client_for, service):
    return client_for(join(service, UserFactory(), "send_messages", "view_activity", "manage_templates"))


def test_contact_list_is_saved_used_and_deleted(client, service):
    template = TemplateFactory(service=service, words={"body": "The office is closed"})
    file = SimpleUploadedFile("staff.csv", b"phone number\n07700900123\n")
    client.post(f"/services/{service.pk}/upload-contact-list", {"file": file})
    saved = ContactList.objects.get()
    page = client.post(f"/services/{service.pk}/send/{template.pk}/from-contact-list", {"list": str(saved.pk)})
    assert page["Location"] == f"/services/{service.pk}/check/{Job.objects.get().pk}"
    client.post(f"/services/{service.pk}/contact-list/{saved.pk}/delete", {"confirm": "yes"})
    assert client.get(f"/services/{service.pk}/contact-list/{saved.pk}").status_code == 404


@pytest.mark.parametrize("data", [b"phone number,name\n07700900123,Sam\n", b"phone number\n123\n", b"colour\nred\n"])
def test_list_with_more_columns_or_bad_rows_is_refused(client, service, data):
    page = client.post(f"/services/{service.pk}/upload-contact-list", {"file": SimpleUploadedFile("a.csv", data)})
    assert page.status_code == 200
    assert ContactList.objects.count() == 0


def page(service, kept, more=""):
    return f"/services/{service.pk}/contact-list/{kept.pk}{more}"


def test_a_list_names_what_was_sent_to_it_and_is_downloaded(client, service):
    kept = ContactListFactory(service=service)
    JobFactory(template=TemplateFactory(service=service, name="Reminder"), contact_list=kept)
    assert "Reminder" in client.get(page(service, kept)).content.decode()
    file = client.get(page(service, kept, "/download"))
    assert file.content == b"phone number\n07700900123\n"
    assert file.headers["Content-Disposition"] == 'attachment; filename="contact-list.csv"'


def test_a_template_with_placeholders_cannot_be_sent_to_a_list(client, service):
    ContactListFactory(service=service)
    address = f"/services/{service.pk}/send/{TemplateFactory(service=service).pk}/from-contact-list"
    assert client.get(address).context["has_placeholders"]


def test_another_services_list_is_not_found(client, service):
    theirs = ContactListFactory()
    for more in ("", "/delete"):
        assert client.get(page(service, theirs, more)).status_code == 404
    address = f"/services/{service.pk}/send/{TemplateFactory(service=service).pk}/from-contact-list"
    assert client.post(address, {"list": str(theirs.pk)}).status_code == 404


def test_those_who_may_not_send_see_no_lists(client_for, service):
    looker = client_for(join(service, UserFactory(), "view_activity"))
    assert looker.get(page(service, ContactListFactory(service=service))).status_code == 403
