import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.models import AuditEvent
from messaging.notifications.models import Suppression, UnsubscribeRequest
from notify.lib import clock
from notify.lib.ids import uuid7
from tests.factories.notifications import SuppressionFactory, UnsubscribeRequestFactory

pytestmark = pytest.mark.django_db


def page(service, name, **kwargs):
    return reverse(f"notifications:{name}", kwargs={"service_id": service.pk, **kwargs})


def rows_of(response):
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


@pytest.mark.parametrize(
    "name", ["suppression-list", "suppression-download", "unsubscribe-requests", "unsubscribe-requests-download"]
)
def test_the_team_sees_the_lists_and_others_do_not_find_them(service, member, outsider, client_for, name):
    assert client_for(member).get(page(service, name)).status_code == 200
    assert client_for(outsider).get(page(service, name)).status_code == 404


@pytest.mark.parametrize("name", ["suppression-add", "suppression-import"])
def test_only_managers_change_the_list(service, manager, member, client_for, name):
    assert client_for(manager).get(page(service, name)).status_code == 200
    assert client_for(member).get(page(service, name)).status_code == 403


def test_the_pages_add_find_import_download_and_remove(service, manager, client_for):
    client = client_for(manager)
    client.post(page(service, "suppression-add"), {"channel": "email", "recipient": "sam@example.com"})
    file = SimpleUploadedFile("list.csv", b"phone number,name\n07700900002,Kim\n")
    client.post(page(service, "suppression-import"), {"channel": "sms", "file": file})
    found = client.get(page(service, "suppression-list"), {"search": "07700 900002"}).context["rows"]
    assert [row.recipient for row in found] == ["+447700900002"]
    assert client.get(page(service, "suppression-list"), {"reason": "bounce"}).context["rows"] == []
    table = rows_of(client.get(page(service, "suppression-download")))
    assert [row[:3] for row in table[1:]] == [
        ["'+447700900002", "Text message", "Added by your team"],
        ["sam@example.com", "Email", "Added by your team"],
    ]
    remove = page(service, "suppression-remove", suppression_id=found[0].pk)
    assert "contact +447700900002 again" in client.get(remove).content.decode()
    client.post(remove)
    assert [row.recipient for row in Suppression.objects.all()] == ["sam@example.com"]
    assert client.get(remove).status_code == 404


def test_another_services_list_is_out_of_reach(service, live_service, manager, client_for):
    theirs = SuppressionFactory(
        service=live_service, channel="email", recipient="a@b.com", recipient_hash=b"1" * 16, reason="manual"
    )
    assert client_for(manager).post(page(service, "suppression-remove", suppression_id=theirs.pk)).status_code == 404
    assert Suppression.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"nonsense\n", b"x" * (1024 * 1024 + 1)])
def test_a_bad_file_is_an_error_on_the_page(service, manager, client_for, data):
    file = SimpleUploadedFile("list.csv", data)
    response = client_for(manager).post(page(service, "suppression-import"), {"channel": "email", "file": file})
    assert "There is a problem" in response.content.decode()
    assert not Suppression.objects.exists()


def request_for(service, minutes_ago, address="sam@example.com"):
    made = UnsubscribeRequestFactory(service=service, notification_id=uuid7(), template_id=uuid7(), email_address=address)
    UnsubscribeRequest.objects.filter(pk=made.pk).update(created_at=clock.now() - timedelta(minutes=minutes_ago))
    return made


def test_requests_are_marked_as_dealt_with_up_to_the_one_that_was_seen(service, member, client_for):
    request_for(service, 10, "=old@example.com")
    client = client_for(member)
    seen = client.get(page(service, "unsubscribe-requests")).context["waiting"]["last"]
    request_for(service, 0, "new@example.com")
    table = rows_of(client.get(page(service, "unsubscribe-requests-download")))
    assert [row[0] for row in table[1:]] == ["'=old@example.com", "new@example.com"]
    client.post(page(service, "unsubscribe-requests"), {"until": seen.isoformat()})
    waiting = UnsubscribeRequest.objects.filter(processed_at=None)
    assert [one.email_address for one in waiting] == ["new@example.com"]
    assert AuditEvent.objects.get().data == {"count": 1}
    assert len(client.get(page(service, "unsubscribe-requests")).context["done"]) == 1


@pytest.mark.parametrize("until", ["", "yesterday", "2026-01-01", "2026-13-45T00:00:00", "2026-01-01T00:00:00"])
def test_nonsense_marks_nothing(service, member, client_for, until):
    request_for(service, 10)
    assert client_for(member).post(page(service, "unsubscribe-requests"), {"until": until}).status_code == 404
    assert UnsubscribeRequest.objects.filter(processed_at=None).count() == 1
