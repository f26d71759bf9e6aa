import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from messaging.jobs.actions import jobs
from messaging.jobs.enums import JobState
from messaging.jobs.models import Job
from messaging.notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.message_templates import TemplateFactory
from tests.factories.services import LiveServiceFactory, join

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    return LiveServiceFactory()


@pytest.fixture
def template(service):
    return TemplateFactory(service=service)


@pytest.fixture
def client(client_for, service):
    return client_for(join(service, UserFactory(), "send_messages", "view_activity", "manage_templates"))


def upload(client, template, text, name="people.csv"):
    url = f"/services/{template.service_id}/send/{template.pk}/csv"
    return client.post(url, {"file": SimpleUploadedFile(name, text.encode())})


def test_spreadsheet_goes_from_upload_to_report(client, service, template):
    page = upload(client, template, "Phone Number,NAME\n07700900123,Sam\n07700900124,=Kim\n")
    assert "Reading your file" in client.get(page["Location"]).content.decode()
    jobs.work()
    checked = client.get(page["Location"]).content.decode()
    assert "Hi Sam" in checked
    assert "Send 2 text messages" in checked
    assert "Hi =Kim" in client.get(page["Location"] + "?row=3").content.decode()
    assert client.get(page["Location"] + "?row=4").status_code == 404

    sent = client.post(page["Location"], {"scheduled_for": ""})
    jobs.work()
    job = Job.objects.get()
    assert (job.state, Notification.objects.count()) == (JobState.FINISHED, 2)
    assert "people.csv" in client.get(sent["Location"]).content.decode()
    report = b"".join(client.get(f"/services/{service.pk}/jobs/{job.pk}.csv").streaming_content).decode("utf-8-sig")
    assert [line.split(",")[:4] for line in report.splitlines()[1:]] == [
        ["2", "07700900123", "Sam", "07700900123"],
        ["3", "07700900124", "'=Kim", "07700900124"],
    ]
    assert "2 on their way" in client.get(f"/services/{service.pk}/uploads").content.decode()


def test_bad_rows_are_shown_with_the_reason_in_the_cell(client, template):
    page = upload(client, template, "phone number,name\n123,Sam\n07700900124,\n")
    jobs.work()
    html = client.get(page["Location"]).content.decode()
    assert "fix 1 recipient and enter missing data in 1 row" in html
    assert html.count("cell-error") == 2
    assert "Send 2" not in html
    assert client.post(page["Location"], {"scheduled_for": ""}).status_code == 200
    assert Notification.objects.count() == 0


def test_empty_upload_is_told_beside_the_field(client, template):
    page = client.post(f"/services/{template.service_id}/send/{template.pk}/csv", {})
    assert '<a href="#id_file">Choose a file</a>' in page.content.decode()


def test_example_file_has_the_headings_of_the_template(client, template):
    page = client.get(f"/services/{template.service_id}/send/{template.pk}.csv")
    assert page.content.decode().splitlines()[0] == "phone number,name"


def test_job_of_another_service_is_not_found(client, service, template):
    other = LiveServiceFactory()
    upload(client, template, "phone number,name\n07700900123,Sam\n")
    job = Job.objects.get()
    assert client.get(f"/services/{other.pk}/jobs/{job.pk}").status_code == 404
