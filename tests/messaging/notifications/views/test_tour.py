"""The tour of a first service, from adding it to the way out."""

import pytest
from django.urls import reverse

from messaging.message_templates.models import MessageTemplate
from messaging.notifications.models import Notification
from services.models import Service
from tests.factories.accounts import UserFactory


@pytest.fixture
def newcomer(db):
    return UserFactory(name="Nia Newcomer", email="nia@department.gov.uk", mobile_number="+447700900123")


@pytest.fixture
def browser(newcomer, client_for):
    return client_for(newcomer)


@pytest.fixture
def begun(browser):
    """The address of the tour's first page, after adding a first service."""
    answer = browser.post("/add-service/name-your-service", {"name": "First steps", "organisation_type": "central"})
    return answer.headers["Location"]


def test_a_first_service_begins_with_the_tour(browser, begun):
    page = browser.get(begun).content.decode()
    assert "Every message is sent from a template" in page
    assert "day of week" in page


def test_the_example_is_filled_in_and_really_sent(browser, begun, newcomer, django_capture_on_commit_callbacks):
    browser.get(begun)
    for number, value in enumerate(["Nia", "Monday", "blue"], start=1):
        answer = browser.post(f"{begun}/step-{number}", {"value": value})
    assert answer.headers["Location"] == f"{begun}/check"
    assert "Hey Nia" in browser.get(f"{begun}/check").content.decode()
    assert browser.post(f"{begun}/check").headers["Location"] == f"{begun}/sent"
    sent = Notification.objects.get()
    assert (sent.service_id, sent.channel) == (Service.objects.get().pk, "sms")
    assert browser.get(f"{begun}/sent").status_code == 200


def test_steps_that_were_left_out_come_first(browser, begun):
    browser.post(f"{begun}/step-1", {"value": "Nia"})
    assert browser.get(f"{begun}/check").headers["Location"] == f"{begun}/step-2"
    assert "Enter day of week" in browser.post(f"{begun}/step-2", {"value": " "}).content.decode()


@pytest.mark.parametrize("step", [0, 4, 99])
def test_there_are_as_many_steps_as_placeholders(step, browser, begun):
    assert browser.get(f"{begun}/step-{step}").status_code == 404


def test_the_way_out_deletes_the_example(browser, begun):
    assert browser.get(f"{begun}/end").status_code == 405
    answer = browser.post(f"{begun}/end")
    service = Service.objects.get()
    assert answer.headers["Location"] == reverse("dashboard:service-dashboard", kwargs={"service_id": service.pk})
    assert not MessageTemplate.objects.filter(archived_at__isnull=True).exists()
    assert browser.get(begun).status_code == 404


def test_there_is_no_tour_for_a_second_service(browser, begun):
    answer = browser.post("/add-service/name-your-service", {"name": "Second", "organisation_type": "central"})
    assert "/tour/" not in answer.headers["Location"]


def test_there_is_no_tour_without_a_mobile_number(db, client_for):
    person = UserFactory()
    answer = client_for(person).post("/add-service/name-your-service", {"name": "A b", "organisation_type": "central"})
    assert "/tour/" not in answer.headers["Location"]


def test_a_gp_surgery_gets_no_tour_because_it_may_send_nothing(newcomer, client_for):
    answer = client_for(newcomer).post("/add-service/name-your-service", {"name": "Surgery", "organisation_type": "nhs_gp"})
    assert "/tour/" not in answer.headers["Location"]


def test_strangers_find_no_tour(begun, outsider, client_for):
    assert client_for(outsider).get(begun).status_code == 404
