"""Going live, archiving and restoring."""

from datetime import timedelta

import pytest
from django.urls import reverse

from notify.lib import clock
from services.models import Service
from services.permissions import MANAGE_SERVICE
from tests.factories.accounts import UserFactory
from tests.factories.services import ApiKeyFactory, join, make_ready
from tests.helpers.pages import text_of, url


def test_the_checklist_links_to_the_pages_that_complete_it(service, browser):
    page = browser.get(url("go-live", service))
    assert "Complete every task" in text_of(page)
    for name in ("confirm-unique", "volumes", "member-list"):
        assert url(name, service) in page.content.decode()


def test_the_whole_way_to_live(service, browser, manager, client_for, staff):
    make_ready(service)
    browser.post(url("go-live", service), {"verb": "request"})
    assert "Mo Manager asked for this service to go live" in text_of(browser.get(url("go-live", service)))
    approver = client_for(staff)
    assert "Bin collections" in text_of(approver.get(url("go-live-decision", service)))
    refused = approver.post(url("go-live-decision", service), {"answer": "reject", "reason": ""})
    assert "Enter a reason" in text_of(refused)
    approver.post(url("go-live-decision", service), {"answer": "approve"})
    service.refresh_from_db()
    assert service.is_live
    timeline = text_of(browser.get(url("go-live", service)))
    assert "asked for ‘Bin collections’ to go live" in timeline
    assert "made ‘Bin collections’ live" in timeline


def test_a_crafted_request_names_what_is_missing(service, browser):
    page = browser.post(url("go-live", service), {"verb": "request"})
    assert (page.status_code, "Confirm that your service is unique" in text_of(page)) == (409, True)
    service.refresh_from_db()
    assert service.state == "trial"


def test_a_manager_without_a_public_address_cannot_ask(service, client_for):
    contractor = join(make_ready(service), UserFactory(email="con@tractor.example"), MANAGE_SERVICE)
    browser = client_for(contractor)
    assert "Only a team member with a public sector email address" in text_of(browser.get(url("go-live", service)))
    assert browser.post(url("go-live", service), {"verb": "request"}).status_code == 403


def test_archiving_says_what_will_happen_and_can_be_undone(service, browser, client_for, member):
    ApiKeyFactory(service=service)
    page = text_of(browser.get(url("service-archive", service)))
    assert "1 API key will stop working at once" in page
    assert "0 messages waiting to be sent now" in page
    browser.post(url("service-archive", service), {"confirm": "yes"})
    assert browser.get(url("settings", service)).status_code == 404
    assert "You can restore it until" in text_of(browser.get(reverse("services:service-list")))
    assert client_for(member).get(url("service-restore", service)).status_code == 404
    browser.post(url("service-restore", service), {"name": "Bin collections"})
    service.refresh_from_db()
    assert (service.archived_at, service.name) == (None, "Bin collections")


def test_a_live_service_shows_no_way_to_archive(live_service, client_for):
    boss = join(live_service, UserFactory(), MANAGE_SERVICE)
    assert url("service-archive", live_service) not in client_for(boss).get(url("settings", live_service)).content.decode()
    assert client_for(boss).post(url("service-archive", live_service)).status_code == 403


def test_after_seven_days_there_is_nothing_to_restore(service, browser, manager):
    browser.post(url("service-archive", service), {"confirm": "yes"})
    Service.objects.filter(pk=service.pk).update(archived_at=clock.now() - timedelta(days=8))
    assert "You can restore it until" not in text_of(browser.get(reverse("services:service-list")))
    page = browser.post(url("service-restore", service), {"name": "Bin collections"})
    assert "this time is over" in text_of(page)


@pytest.mark.parametrize(
    ("name", "data", "field", "value"),
    [
        ("volumes", {"email": "10"}, "volume_email", 10),
        ("confirm-unique", {"name": "Bin collections"}, "confirmed_unique", True),
    ],
)
def test_rows_of_the_checklist_are_saved(name, data, field, value, service, browser):
    answer = browser.post(url(name, service), data)
    service.refresh_from_db()
    assert (answer.status_code, getattr(service, field)) == (302, value)
