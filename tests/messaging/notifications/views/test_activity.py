from datetime import timedelta

import pytest
import time_machine

from messaging.enums import Status
from messaging.notifications.actions.status import Move, move
from messaging.notifications.queries.activity import PAGE
from notify.lib import clock
from tests.factories.accounts import UserFactory
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


def listed(page):
    return [row.notification.pk for row in page.context["rows"]]


def test_pages_follow_one_another_by_key_and_lose_nothing(client, service):
    template = TemplateFactory(service=service)
    sent = [send_one(service, template).id for _ in range(PAGE + 5)]
    first = client.get(f"/services/{service.pk}/notifications/sms")
    second = client.get(f"/services/{service.pk}/notifications/sms" + first.context["next_href"])
    assert listed(first) + listed(second) == sent[::-1]
    assert second.context["next_href"] == ""


def test_list_takes_the_same_number_of_queries_for_one_and_for_many(
    client, service, django_assert_num_queries, django_assert_max_num_queries
):
    template = TemplateFactory(service=service)
    send_one(service, template)
    client.get(f"/services/{service.pk}/notifications")
    with django_assert_max_num_queries(25) as one:
        client.get(f"/services/{service.pk}/notifications")
    for _ in range(5):
        send_one(service, template)
    with django_assert_num_queries(len(one)):
        client.get(f"/services/{service.pk}/notifications")


def test_search_finds_a_person_however_the_number_is_typed_and_keeps_it_out_of_the_address(client, service):
    template = TemplateFactory(service=service)
    wanted = send_one(service, template, recipient="07700 900123")
    send_one(service, template, recipient="07700900124")
    page = client.post(f"/services/{service.pk}/notifications", {"to": "+44 7700 900 123"})
    assert "900" not in page["Location"].replace(str(service.pk), "")
    assert listed(client.get(page["Location"])) == [wanted.id]


def test_search_finds_a_reference(client, service):
    wanted = send_one(service, reference="case-7")
    send_one(service, reference="case-8")
    page = client.post(f"/services/{service.pk}/notifications", {"to": "case-7"})
    assert listed(client.get(page["Location"])) == [wanted.id]


def test_failed_messages_are_listed_by_themselves(client, service):
    failed, _ = send_one(service), send_one(service)
    move([Move(failed.id, Status.TECHNICAL_FAILURE)])
    assert listed(client.get(f"/services/{service.pk}/notifications?status=failed")) == [failed.id]


def test_message_past_its_retention_is_gone(client, service):
    with time_machine.travel(clock.now() - timedelta(days=8), tick=False):
        old = send_one(service).id
    assert listed(client.get(f"/services/{service.pk}/notifications")) == []
    assert client.get(f"/services/{service.pk}/notification/{old}").status_code == 404


def test_redacted_template_hides_the_persons_details(client, service):
    template = TemplateFactory(service=service, redacts_personalisation=True)
    sent = send_one(service, template, personalisation={"name": "Zebedee"})
    assert "Zebedee" not in client.get(f"/services/{service.pk}/notification/{sent.id}").content.decode()


def test_file_holds_every_message_and_no_formula(client, service):
    template = TemplateFactory(service=service, name="=cmd|' /C calc'!A0")
    send_one(service, template)
    page = client.get(f"/services/{service.pk}/download-notifications.csv?channel=sms")
    lines = b"".join(page.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Recipient,Reference,Template")
    assert lines[1].startswith("07700900123,,'=cmd")


@pytest.mark.parametrize("query", ["?status=nonsense", "?before=x"])
def test_nonsense_in_the_address_is_not_found(client, service, query):
    assert client.get(f"/services/{service.pk}/notifications{query}").status_code == 404


def test_message_of_another_service_is_not_found(client, service):
    other = send_one(LiveServiceFactory())
    assert client.get(f"/services/{service.pk}/notification/{other.id}").status_code == 404
