import pytest

from messaging.enums import Status
from messaging.notifications.actions.statistics import roll_up_deltas
from messaging.notifications.actions.status import Move, move
from tests.factories.accounts import UserFactory
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import send_one
from tests.factories.services import LiveServiceFactory, join

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    return LiveServiceFactory(name="Bin collections")


@pytest.fixture
def viewer(service):
    return join(service, UserFactory(email="viewer@town.gov.uk"), "view_activity")


def test_dashboard_shows_seven_days_with_failures(client_for, service, viewer):
    template = TemplateFactory(service=service)
    sent = [send_one(service, template) for _ in range(4)]
    move([Move(sent[0].id, Status.DELIVERED), Move(sent[1].id, Status.PERMANENT_FAILURE)])
    roll_up_deltas()
    send_one(service, template)  # not folded yet, and shown all the same
    page = client_for(viewer).get(f"/services/{service.pk}")
    texts = page.context["board"].totals["sms"]
    assert (texts.requested, texts.delivered, texts.failed, texts.sending) == (5, 1, 1, 3)
    assert texts.is_alarming
    assert b"1 failed" in page.content


def test_dashboard_reads_the_same_number_of_rows_for_any_number_of_messages(
    client_for, service, viewer, django_assert_num_queries, django_assert_max_num_queries
):
    client, template = client_for(viewer), TemplateFactory(service=service)
    send_one(service, template)
    client.get(f"/services/{service.pk}")
    with django_assert_max_num_queries(30) as first:
        client.get(f"/services/{service.pk}")
    for _ in range(10):
        send_one(service, template)
    with django_assert_num_queries(len(first)):
        client.get(f"/services/{service.pk}")


def test_test_key_messages_are_left_out(client_for, service, viewer):
    send_one(service, key_type="test")
    assert client_for(viewer).get(f"/services/{service.pk}").context["board"].totals["sms"].requested == 0


def test_figures_answer_304_while_nothing_has_changed(client_for, service, viewer):
    client, url = client_for(viewer), f"/services/{service.pk}/figures"
    etag = client.get(url)["ETag"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    send_one(service)
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 200


def test_member_without_the_dashboard_goes_to_the_templates(client_for, service):
    sender = join(service, UserFactory(), "send_messages")
    page = client_for(sender).get(f"/services/{service.pk}")
    assert (page.status_code, page["Location"]) == (302, f"/services/{service.pk}/templates")


@pytest.mark.parametrize("path", ["", "/figures", "/monthly", "/template-usage", "/usage", "/usage.csv"])
def test_outsider_sees_nothing(client_for, service, outsider, path):
    assert client_for(outsider).get(f"/services/{service.pk}{path}").status_code == 404


@pytest.mark.parametrize("path", ["/usage", "/usage.csv"])
def test_usage_is_for_people_who_manage_the_service(client_for, service, viewer, path):
    manager = join(service, UserFactory(), "manage_service", "view_activity")
    statuses = [client_for(person).get(f"/services/{service.pk}{path}").status_code for person in (viewer, manager)]
    assert statuses == [403, 200]


@pytest.mark.parametrize("path", ["/monthly", "/template-usage"])
def test_statistics_show_this_year_and_refuse_a_year_that_is_none(client_for, service, viewer, path):
    template = TemplateFactory(service=service, name="Reminder")
    send_one(service, template)
    client = client_for(viewer)
    assert client.get(f"/services/{service.pk}{path}").status_code == 200
    assert client.get(f"/services/{service.pk}{path}?year=abc").status_code == 404
