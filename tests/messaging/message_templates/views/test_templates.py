from html import unescape

import pytest

from messaging.message_templates.models import MessageTemplate
from messaging.message_templates.models import TemplateFolder as Folder
from tests.factories.accounts import UserFactory
from tests.factories.message_templates import TemplateFactory, TemplateFolderFactory
from tests.factories.services import ApiKeyFactory, LiveServiceFactory, join

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    return LiveServiceFactory(name="Bin collections")


@pytest.fixture
def writer(service):
    return join(service, UserFactory(), "manage_templates", "send_messages")


@pytest.fixture
def client(client_for, writer):
    return client_for(writer)


def test_new_template_is_saved_and_shown(client, service):
    page = client.post(
        f"/services/{service.pk}/templates/add-email",
        {"name": "Reminder", "subject": "Your ((colour)) bin", "body": "Dear ((name))", "verb": "publish"},
    )
    template = MessageTemplate.objects.get()
    assert (page.status_code, page["Location"]) == (302, f"/services/{service.pk}/templates/{template.pk}")
    shown = unescape(client.get(page["Location"]).content.decode())
    assert '<mark class="placeholder">((colour))</mark>' in shown


def test_form_error_stands_on_top_and_beside_the_field_and_keeps_what_was_typed(client, service):
    page = client.post(f"/services/{service.pk}/templates/add-sms", {"name": "", "body": "Hi ((name))"})
    html = page.content.decode()
    assert page.status_code == 200
    assert '<a href="#id_name">Enter a template name</a>' in html
    assert 'id="id_name_error"' in html
    assert "Hi ((name))" in html
    assert "<title>Error: " in html


def test_body_with_html_is_shown_as_text(client, service):
    template = TemplateFactory(service=service, words={"body": "<script>alert(1)</script> ((name))"})
    html = client.get(f"/services/{service.pk}/templates/{template.pk}").content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_live_preview_counts_the_parts_of_a_text(client, service):
    page = client.post(f"/services/{service.pk}/templates/preview-sms", {"body": "x" * 161})
    assert "2 text messages (161 characters)" in page.content.decode()


def test_new_placeholder_is_asked_about_when_systems_send_the_template(client, service):
    ApiKeyFactory(service=service)
    template = TemplateFactory(service=service)
    url = f"/services/{service.pk}/templates/{template.pk}/edit"
    changed = {"name": template.name, "body": "Hi ((name)) of ((town))", "verb": "publish"}
    asked = client.post(url, changed)
    assert "((town))" in asked.content.decode()
    assert MessageTemplate.objects.get().version == 1
    client.post(url, changed | {"confirm": "yes"})
    assert MessageTemplate.objects.get().version == 2


def test_versions_show_what_was_added_and_removed(client, service, writer):
    template = TemplateFactory(service=service)
    client.post(
        f"/services/{service.pk}/templates/{template.pk}/edit",
        {"name": template.name, "body": "Dear ((name))", "verb": "publish"},
    )
    html = client.get(f"/services/{service.pk}/templates/{template.pk}/versions").content.decode()
    assert "<del>Hi</del>" in html
    assert "<ins>Dear</ins>" in html


def test_deleting_asks_first(client, service):
    template = TemplateFactory(service=service)
    url = f"/services/{service.pk}/templates/{template.pk}/delete"
    assert "It has not been used" in client.get(url).content.decode()
    client.post(url, {"confirm": "yes"})
    assert MessageTemplate.objects.get().archived_at is not None


def test_folder_with_something_in_it_is_not_deleted(client, service):
    folder = TemplateFolderFactory(service=service)
    TemplateFactory(service=service, folder=folder)
    page = client.post(f"/services/{service.pk}/templates/folders/{folder.pk}/manage", {"name": "x", "verb": "delete"})
    assert "You must empty this folder" in page.content.decode()
    assert Folder.objects.count() == 1


def test_person_who_may_not_see_a_folder_finds_neither_it_nor_its_templates(client_for, service):
    folder = TemplateFolderFactory(service=service, name="Secret")
    template = TemplateFactory(service=service, folder=folder)
    limited = join(service, UserFactory(), "manage_templates", sees_all_folders=False)
    client = client_for(limited)
    assert "Secret" not in client.get(f"/services/{service.pk}/templates").content.decode()
    assert client.get(f"/services/{service.pk}/templates/folders/{folder.pk}").status_code == 404
    assert client.get(f"/services/{service.pk}/templates/{template.pk}").status_code == 404


@pytest.mark.parametrize("path", ["", "/add", "/add-sms"])
def test_member_without_the_right_sees_templates_and_cannot_write(client_for, service, path):
    looker = join(service, UserFactory(), "view_activity")
    status = client_for(looker).get(f"/services/{service.pk}/templates{path}").status_code
    assert status == (403 if path else 200)


def test_template_of_another_service_is_not_found(client, service):
    other = TemplateFactory()
    assert client.get(f"/services/{service.pk}/templates/{other.pk}").status_code == 404


@pytest.mark.parametrize("page", ["", "/add", "/manage"])
def test_folder_of_another_service_is_not_found(client, service, page):
    foreign = TemplateFolderFactory()
    assert client.get(f"/services/{service.pk}/templates/folders/{foreign.pk}{page}").status_code == 404


def test_folder_that_is_no_id_is_not_found(client, service):
    page = client.post(f"/services/{service.pk}/templates/add-sms?folder=x", {"name": "a", "body": "b"})
    assert page.status_code == 404
