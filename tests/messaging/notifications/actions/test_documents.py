"""Files for recipients: read, sealed, found by their link, and forgotten."""

import base64
from urllib.parse import urlsplit

import pytest
from django.core.files.storage import default_storage

from messaging.message_templates.queries.attachments import team_url
from messaging.message_templates.queries.templates import content_of
from messaging.notifications.actions import documents
from messaging.notifications.models import Document
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.rules.recipients import read_recipient, recipient_hash
from notify.lib import clock
from notify.lib.ids import uuid7
from notify.lib.refusals import ActionRefused
from tests.factories.message_templates import TemplateAttachmentFactory, TemplateFactory
from tests.factories.notifications import DocumentFactory, NotificationFactory
from tests.factories.services import LiveServiceFactory

pytestmark = pytest.mark.django_db
SAM = "sam@example.com"


def stored(to=SAM, **fields):
    request = {"content": b"a,b", "filename": "bins.csv", "extension": "csv", "weeks": 4, "confirm_email": False} | fields
    return documents.store_document(LiveServiceFactory(), documents.FileRequest(**request), read_recipient("email", to))


def key_of(link):
    """The id and the key in a link."""
    document_id, key = urlsplit(link).path.rsplit("/", 2)[1:]
    return document_id, key


def test_a_file_is_found_by_its_link_and_read_once_it_is_fetched():
    file = stored()
    found = documents.find_document(*key_of(file.link))
    assert (found, found.filename, found.mime_type, found.size) == (file.document, "bins.csv", "text/csv", 3)
    assert documents.read_document(found) == b"a,b"
    first = Document.objects.get().first_downloaded_at
    documents.read_document(found)
    assert first == Document.objects.get().first_downloaded_at is not None


@pytest.mark.parametrize("case", ["unknown", "expired", "wrong key"])
def test_a_link_that_is_not_quite_right_finds_nothing(case):
    file = stored()
    document_id, key = key_of(file.link)
    if case == "unknown":
        document_id = uuid7()
    elif case == "expired":
        Document.objects.update(expires_at=clock.now())
    else:
        key += "x"
    with pytest.raises(documents.DocumentGone):
        documents.find_document(document_id, key)


def test_nothing_is_kept_for_a_simulated_recipient():
    file = stored("simulate-delivered@notifications.service.gov.uk")
    assert (file.document, file.link.endswith("/documents/test-document")) == (None, True)
    documents.discard([file])


def test_a_file_whose_message_was_refused_goes_from_storage_too():
    file = stored()
    name = file.document.file.name
    documents.discard([file])
    assert (Document.objects.count(), default_storage.exists(name)) == (0, False)


def test_ten_wrong_addresses_close_a_file():
    document = stored(confirm_email=True).document
    for _ in range(documents.MAX_WRONG_EMAILS):
        with pytest.raises(ActionRefused, match="This is not the email address"):
            documents.read_document(document, email_address="kim@example.com")
    with pytest.raises(ActionRefused, match="Too many wrong addresses"):
        documents.read_document(document, email_address=SAM)
    with pytest.raises(ActionRefused, match="Too many wrong addresses"):
        documents.read_document(document, email_address="kim@example.com")
    assert Document.objects.get().wrong_emails == documents.MAX_WRONG_EMAILS


def test_expired_files_go_from_storage_too():
    gone, kept = DocumentFactory(expires_at=clock.now()), DocumentFactory()
    assert documents.purge_expired() == 1
    assert [default_storage.exists(each.file.name) for each in (gone, kept)] == [False, True]


def test_every_email_has_links_of_its_own_and_the_same_when_it_is_composed_again():
    template = TemplateFactory(channel="email", words={"body": "See ((leaflet.csv))"})
    file = TemplateAttachmentFactory(template=template, confirm_email=True)
    words = content_of(template, template.versions.get())
    first, second = NotificationFactory(template=template), NotificationFactory(template=template)
    bodies = [documents.with_own_links(words, each, recipient_hash(SAM)).body for each in (first, first, second)]
    assert team_url(file) in words.body
    assert (bodies[0] == bodies[1], bodies[0] == bodies[2], Document.objects.count()) == (True, False, 2)
    assert all(str(each.pk) in bodies[0] + bodies[2] for each in Document.objects.all())
    assert {bytes(each.email_hash) for each in Document.objects.all()} == {recipient_hash(SAM)}


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"permissions": ["email"]}, "files_off"), ({}, "files_not_set_up")],
)
def test_files_need_the_permission_and_contact_details(fields, code):
    with pytest.raises(MessageRefused) as refused:
        documents.check_files_set_up(LiveServiceFactory(**fields))
    assert refused.value.code == code
    documents.check_files_set_up(LiveServiceFactory(contact_link="https://example.gov.uk"))


def given(content=b"a,b", **fields):
    return {"file": base64.b64encode(content).decode(), **fields}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"file": "&&"}, "file_base64"),
        (given(b"x" * (2 * 1024 * 1024 + 1)), "file_size"),
        (given(filename="x" * 97 + ".csv"), "file_name"),
        (given(filename="run.exe"), "file_type"),
        (given(b"\xff\xfe\x00"), "file_type"),
    ],
)
def test_files_that_cannot_be_sent_are_refused(value, code):
    with pytest.raises(MessageRefused) as refused:
        documents.read_file(value, 26)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("value", "filename", "confirm"),
    [
        (given(filename="Bins.CSV"), "Bins.CSV", True),
        (given(is_csv=True), "document.csv", True),
        (given(b"%PDF-1.7", confirm_email_before_download=False), "document.pdf", False),
        (given(b"PK\x03\x04 word/document"), "document.docx", True),
        (given(b"PK\x03\x04 xl/workbook"), "document.xlsx", True),
        (given(b"PK\x03\x04 opendocument.text"), "document.odt", True),
        (given("Grüße".encode()), "document.txt", True),
    ],
)
def test_a_file_without_a_name_gets_one_by_its_content(value, filename, confirm):
    file = documents.read_file(value, 26)
    assert (file.filename, file.confirm_email, file.weeks) == (filename, confirm, 26)
