import re
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from audit.models import AuditEvent
from content import placeholders
from messaging.message_templates.actions.attachments import attach_file, change_file, purge_removed, remove_file, use_file
from messaging.message_templates.constants import MAX_FILE_SIZE
from messaging.message_templates.models import TemplateAttachment
from messaging.message_templates.queries.templates import content_of
from messaging.notifications.actions.compose import compose
from messaging.notifications.actions.documents import purge_expired
from messaging.notifications.models import Document, Notification
from messaging.notifications.queries.activity import opened
from notify.lib import clock
from notify.lib.refusals import ActionRefused, PermissionRefused
from tests.factories.accounts import UserFactory
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import send_one
from tests.factories.services import LiveServiceFactory, join

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 leaflet"


@pytest.fixture
def service():
    return LiveServiceFactory(contact_link="https://dept.gov.uk/contact")


@pytest.fixture
def author(service):
    return join(service, UserFactory(), "manage_templates")


@pytest.fixture
def template(service):
    return TemplateFactory(service=service, channel="email")


@pytest.fixture
def leaflet(template, author):
    return attach_file(template, filename="leaflet.pdf", content=PDF, by=author)


def latest(template):
    template.refresh_from_db()
    return template.versions.get(number=template.version)


def composed(accepted):
    notification = Notification.objects.get(pk=accepted.id)
    return compose(notification, opened([notification])[notification.pk]).outgoing


def test_a_file_goes_from_the_upload_to_the_recipient(service, author, template, client_for):
    client, path = client_for(author), f"/services/{service.pk}/templates/{template.pk}/files"
    assert "Attach a file" in client.get(path).content.decode()
    upload = SimpleUploadedFile("leaflet.pdf", PDF)
    page = client.post(f"{path}/upload", {"file": upload}, follow=True)
    file = TemplateAttachment.objects.get()
    assert page.redirect_chain == [(f"{path}/{file.pk}", 302)]
    assert "not in the message yet" in page.content.decode()
    with default_storage.open(file.file.name) as stored:
        assert PDF not in stored.read()
    client.post(f"{path}/{file.pk}/make-live")
    assert latest(template).body == "Hi ((name))\n\n((leaflet.pdf))"
    data = {"link_text": "Read the leaflet", "retention_weeks": "4", "confirm_email": "on"}
    assert client.post(f"{path}/{file.pk}", data).status_code == 302

    outgoing = composed(send_one(service, template))
    link = re.search(r"Read the leaflet: http://[^/]+(/d/\S+)", outgoing.text)[1]
    assert f'{link}"' in outgoing.html
    assert "leaflet.pdf" in Client().get(link).content.decode()
    assert "This is not the email address" in Client().post(link, {"email_address": "x@example.com"}).content.decode()
    assert Client().post(link, {"email_address": "sam@example.com"}).content == PDF
    document = Document.objects.get()
    assert document.expires_at - clock.now() > timedelta(weeks=4) - timedelta(minutes=1)


def test_the_name_of_a_file_is_nothing_to_fill_in(template, author, leaflet):
    use_file(leaflet, by=author)
    assert placeholders(content_of(template, latest(template))) == ["name"]


def test_composing_again_makes_the_same_link(service, template, author, leaflet):
    use_file(leaflet, by=author)
    latest(template)
    accepted = send_one(service, template)
    assert composed(accepted) == composed(accepted)
    assert composed(send_one(service, template)).text != composed(accepted).text
    assert Document.objects.count() == 2


def test_the_team_sees_the_file_in_previews(service, template, author, leaflet, client_for):
    use_file(leaflet, by=author)
    client = client_for(author)
    page = client.get(f"/services/{service.pk}/templates/{template.pk}").content.decode()
    link = re.search(r"http://[^/]+(/d/[^/]+/for-the-team)", page)[1]
    assert client.get(link, follow=True).content == PDF
    assert client_for(UserFactory()).get(link).status_code == 404


@pytest.mark.parametrize(
    ("filename", "content", "problem"),
    [
        ("leaflet.exe", b"MZ", "must be a CSV"),
        ("leaflet", PDF, "must be a CSV"),
        ("leaflet.pdf", b"MZ", "it is something else"),
        ("list.csv", b"\x00\x01", "it is something else"),
        ("leaflet.pdf", b"", "empty"),
        ("leaflet.pdf", PDF.ljust(MAX_FILE_SIZE, b"x"), "smaller than 2 MB"),
        ("a" * 97 + ".pdf", PDF, "100 characters or fewer"),
        ("leaflet (1).pdf", PDF, "brackets"),
        ("LEAF-LET.pdf", PDF, "file of this name already"),
    ],
)
def test_files_that_are_refused(template, author, leaflet, filename, content, problem):
    with pytest.raises(ActionRefused, match=problem):
        attach_file(template, filename=filename, content=content, by=author)
    assert list(template.files.all()) == [leaflet]


def test_a_name_the_subject_uses_is_refused(service, author):
    template = TemplateFactory(service=service, channel="email", words={"subject": "About ((leaflet.pdf))"})
    with pytest.raises(ActionRefused, match="The subject has a placeholder"):
        attach_file(template, filename="leaflet.pdf", content=PDF, by=author)


def test_a_service_without_contact_details_attaches_nothing(author, service, client_for):
    service.contact_link = ""
    service.save()
    template = TemplateFactory(service=service, channel="email")
    with pytest.raises(ActionRefused, match="contact details first"):
        attach_file(template, filename="leaflet.pdf", content=PDF, by=author)
    page = client_for(author).get(f"/services/{service.pk}/templates/{template.pk}/files")
    assert "add contact details for your service" in page.content.decode()


@pytest.mark.parametrize("weeks", ["0", "79", "1.5", "many", ""])
def test_weeks_that_are_refused(service, template, author, leaflet, client_for, weeks):
    path = f"/services/{service.pk}/templates/{template.pk}/files/{leaflet.pk}"
    page = client_for(author).post(path, {"link_text": "", "retention_weeks": weeks})
    assert page.status_code == 200
    assert "Enter" in page.context["form"].errors["retention_weeks"][0]
    leaflet.refresh_from_db()
    assert leaflet.retention_weeks == 26


def test_a_link_text_cannot_end_the_link(author, leaflet):
    with pytest.raises(ActionRefused, match="brackets"):
        change_file(leaflet, link_text="x](https://evil.example)", retention_weeks=1, confirm_email=True, by=author)


def test_a_removed_file_leaves_the_message_but_old_links_work(service, template, author, leaflet):
    use_file(leaflet, by=author)
    latest(template)
    before = send_one(service, template)
    link = re.search(r"http://[^/]+(/d/\S+)", composed(before).text)[1]
    remove_file(leaflet, by=author)
    assert latest(template).body == "Hi ((name))"
    assert Client().post(link, {"email_address": "sam@example.com"}).content == PDF
    assert link in composed(before).text
    TemplateAttachment.objects.update(archived_at=clock.now() - timedelta(days=15))
    assert purge_removed() == 0
    Document.objects.update(expires_at=clock.now())
    assert (purge_expired(), purge_removed()) == (1, 1)
    assert not default_storage.exists(leaflet.file.name)
    events = AuditEvent.objects.filter(name__startswith="template.file").order_by("id").values_list("name", flat=True)
    assert list(events) == ["template.file_attached", "template.file_removed"]


def test_four_eyes_hold_for_files_too(service, template, author, leaflet):
    service.templates_need_approval = True
    service.save()
    leaflet.template.service.refresh_from_db()
    with pytest.raises(ActionRefused, match="into a draft"):
        use_file(leaflet, by=author)
    assert latest(template).body == "Hi ((name))"


def test_who_may_change_files(service, template, leaflet, client_for):
    looks = join(service, UserFactory(), "view_activity")
    with pytest.raises(PermissionRefused):
        remove_file(leaflet, by=looks)
    path = f"/services/{service.pk}/templates/{template.pk}/files"
    for page in ("", "/upload", f"/{leaflet.pk}", f"/{leaflet.pk}/remove"):
        assert client_for(looks).get(path + page).status_code == 403
        assert client_for(UserFactory()).get(path + page).status_code == 404
    text = TemplateFactory(service=service)
    author = join(service, UserFactory(), "manage_templates")
    assert client_for(author).get(f"/services/{service.pk}/templates/{text.pk}/files").status_code == 404
