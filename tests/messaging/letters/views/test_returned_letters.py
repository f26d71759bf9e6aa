import csv
import io

import pytest

from messaging.notifications.models import Notification
from notify.lib import clock
from notify.lib.ids import uuid7
from tests.factories.accounts import UserFactory
from tests.factories.letters import ReturnedLetterFactory
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import send_one
from tests.factories.services import LiveServiceFactory, join

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    return LiveServiceFactory()


@pytest.fixture
def client(client_for, service):
    return client_for(join(service, UserFactory(), "view_activity"))


@pytest.fixture
def letter(service):
    """A letter that came back today; how it came to be is no matter here."""
    sent = send_one(service, TemplateFactory(service=service, name="Parking"), reference="ref-1")
    Notification.objects.filter(pk=sent.id).update(channel="letter")
    ReturnedLetterFactory(service=service, notification_id=sent.id)
    return sent


def test_days_and_letters_are_listed(client, service, letter):
    gone = uuid7()
    ReturnedLetterFactory(service=service, notification_id=gone)
    ReturnedLetterFactory(service=LiveServiceFactory(), notification_id=uuid7())
    today = f"{clock.local_day():%Y-%m-%d}"
    days = client.get(f"/services/{service.pk}/returned-letters").context["days"]
    assert [(f"{each['day']:%Y-%m-%d}", each["count"]) for each in days] == [(today, 2)]
    found = client.get(f"/services/{service.pk}/returned-letters/{today}").context["found"]
    assert ([row.notification.pk for row in found.rows], found.total, found.gone) == ([letter.id], 2, 1)
    file = client.get(f"/services/{service.pk}/returned-letters/{today}.csv")
    lines = list(csv.reader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig"))))
    assert lines[1] == [str(gone), *[""] * 9]
    assert (lines[2][:2], lines[2][4], len(lines)) == ([str(letter.id), "ref-1"], "Parking", 3)


def test_no_letters(client, service):
    assert "No letters have come back" in client.get(f"/services/{service.pk}/returned-letters").content.decode()


@pytest.mark.parametrize("day", ["2020-01-01", "never", "2020-13-40", "9999-12-31", "0001-01-01"])
def test_a_day_without_letters_is_not_found(client, service, day):
    assert client.get(f"/services/{service.pk}/returned-letters/{day}").status_code == 404


def test_who_may_look(client_for, service):
    path = f"/services/{service.pk}/returned-letters"
    assert client_for(join(service, UserFactory(), "send_messages")).get(path).status_code == 403
    assert client_for(UserFactory()).get(path).status_code == 404
