"""What the platform writes to a service's people, and to whom."""

import pytest
from django.core import mail

from notify.lib import clock
from organisations.permissions import MAKE_SERVICES_LIVE
from services.actions import team_emails
from services.permissions import MANAGE_SERVICE
from tests.factories.accounts import UserFactory
from tests.factories.organisations import belong
from tests.factories.services import JoinRequestFactory, ServiceFactory, join

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(django_capture_on_commit_callbacks):
    """`told(write, …)`: to whom it wrote, each with the words."""

    def run(write, *args, **words):
        with django_capture_on_commit_callbacks(execute=True):
            write(*args, **words)
        found = [(each.to[0], each.body) for each in mail.outbox]
        mail.outbox.clear()
        return found

    return run


def addresses(found):
    return sorted(address for address, _ in found)


@pytest.fixture
def approver(service):
    service.organisation.can_approve_own_go_live_requests = True
    service.organisation.save()
    person = UserFactory(email="ana@department.gov.uk", name="Ana Approver")
    return belong(service.organisation, person, MAKE_SERVICES_LIVE)


def test_a_request_to_go_live_goes_to_those_who_answer_with_a_receipt(service, manager, approver, told):
    service.go_live_requested_by = manager
    found = dict(told(team_emails.go_live_requested, service))
    assert sorted(found) == ["ana@department.gov.uk", "mo@department.gov.uk"]
    assert f"/services/{service.pk}/go-live-decision" in found["ana@department.gov.uk"]
    assert "Mo Manager" in found["ana@department.gov.uk"]


def test_where_nobody_answers_the_platforms_support_does(manager, told, settings):
    settings.SUPPORT_EMAIL = "support@notify.example"
    for service in (ServiceFactory(), ServiceFactory(organisation=None)):
        assert addresses(told(team_emails.go_live_requested, service)) == ["support@notify.example"]
        assert addresses(told(team_emails.go_live_withdrawn, service, by=manager)) == ["support@notify.example"]


def test_a_withdrawal_names_who_withdrew(service, manager, approver, told):
    [(address, body)] = told(team_emails.go_live_withdrawn, service, by=manager)
    assert (address, "Mo Manager" in body) == ("ana@department.gov.uk", True)


def test_everybody_on_the_team_hears_that_the_service_is_live(service, manager, member, told):
    join(service, UserFactory(), expires_at=clock.now())
    assert addresses(told(team_emails.went_live, service)) == ["mel@department.gov.uk", "mo@department.gov.uk"]
    assert addresses(told(team_emails.to_team, service, "service_went_live")) == [
        "mel@department.gov.uk",
        "mo@department.gov.uk",
    ]


def test_only_managers_hear_what_is_for_managers(service, manager, member, told):
    join(service, UserFactory(email="second@department.gov.uk"), MANAGE_SERVICE)
    assert addresses(told(team_emails.to_managers, service, "service_went_live")) == [
        "mo@department.gov.uk",
        "second@department.gov.uk",
    ]


def test_a_refusal_goes_to_the_person_who_asked_with_the_reason(service, manager, staff, told):
    [(address, body)] = told(team_emails.go_live_rejected, service, requester=manager, reason="Too few people", by=staff)
    assert (address, "Too few people" in body, staff.email in body) == ("mo@department.gov.uk", True, True)
    assert told(team_emails.go_live_rejected, service, requester=None, reason="x", by=staff) == []


def test_who_asks_to_join_gets_a_receipt_and_then_an_answer(service, manager, outsider, told):
    request = JoinRequestFactory(service=service, requester=outsider, reason="I write letters")
    found = dict(told(team_emails.join_requested, request, [manager]))
    assert sorted(found) == ["mo@department.gov.uk", "oz@elsewhere.gov.uk"]
    body = found["mo@department.gov.uk"]
    assert [words in body for words in ("Oz Outsider", "I write letters", f"/join-requests/{request.pk}")] == [True] * 3
    for write in (team_emails.join_approved, team_emails.join_refused):
        [(address, body)] = told(write, request, by=manager)
        assert (address, "Mo Manager" in body) == ("oz@elsewhere.gov.uk", True)
