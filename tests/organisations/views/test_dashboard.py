import csv
import io
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from notify.lib import clock
from organisations import slots
from organisations.slots import ServiceUsage
from tests.factories.organisations import OrganisationFactory
from tests.factories.services import LiveServiceFactory, ServiceFactory

pytestmark = pytest.mark.django_db


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def page(name, organisation, **query):
    return reverse(f"organisations:{name}", args=[organisation.pk], query=query)


@pytest.fixture
def service(organisation):
    return LiveServiceFactory(name="Bin days", organisation=organisation, went_live_at="2026-01-01T00:00:00Z")


@pytest.fixture
def trial_service(organisation):
    return ServiceFactory(name="=Parking", organisation=organisation)


@pytest.fixture
def figures(monkeypatch, service):
    used = ServiceUsage(1200, 500, 400, Decimal("2.40"), 3, Decimal("4.68"))
    monkeypatch.setattr(slots, "service_usage", [lambda ids, year: {service.pk: used}])


@pytest.mark.parametrize(
    "name", ["organisation-dashboard", "member-list", "organisation-settings", "agreement-detail", "usage-download"]
)
def test_members_see_pages_that_strangers_do_not_find(name, organisation, org_member, stranger, platform_admin):
    assert client_of(org_member).get(page(name, organisation)).status_code == 200
    assert client_of(platform_admin).get(page(name, organisation)).status_code == 200
    assert client_of(stranger).get(page(name, organisation)).status_code == 404
    assert Client().get(page(name, organisation)).status_code == 302


@pytest.mark.parametrize("name", ["trial-service-list", "go-live-request-list"])
def test_some_pages_are_for_those_who_make_services_live(name, organisation, org_member, approver, stranger):
    organisation.can_approve_own_go_live_requests = True
    organisation.save()
    assert client_of(approver).get(page(name, organisation)).status_code == 200
    assert client_of(org_member).get(page(name, organisation)).status_code == 403
    assert client_of(stranger).get(page(name, organisation)).status_code == 404


def test_go_live_requests_are_closed_where_the_platform_approves(organisation, approver):
    assert client_of(approver).get(page("go-live-request-list", organisation)).status_code == 403


def test_the_dashboard_adds_up_what_the_services_sent(organisation, org_member, figures, trial_service):
    response = client_of(org_member).get(page("organisation-dashboard", organisation))
    assert [(line.name, use.emails) for line, use in response.context["rows"]] == [("Bin days", 1200)]
    assert (response.context["total"].emails, response.context["total_cost"]) == (1200, Decimal("7.08"))
    text = response.content.decode()
    assert "1,200" in text
    assert "£7.08" in text
    assert "=Parking" not in text


@pytest.mark.parametrize("year", ["1999", "abcd", "²²²²", "2" * 50, ""])
def test_an_unknown_year_shows_this_one(organisation, org_member, year):
    response = client_of(org_member).get(page("organisation-dashboard", organisation, year=year))
    assert response.context["year"] == clock.financial_year(clock.local_day())


def test_the_download_has_every_service_and_no_formulas(organisation, org_member, figures, service, trial_service):
    response = client_of(org_member).get(page("usage-download", organisation))
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))[1:]
    assert rows == [
        [str(trial_service.pk), "'=Parking", "Trial mode", "0", "0", "0", "0", "0.00", "0", "0.00"],
        [str(service.pk), "Bin days", "Live", "1200", "500", "400", "0", "2.40", "3", "4.68"],
    ]


def test_trial_services_are_listed_apart(organisation, approver, service, trial_service):
    response = client_of(approver).get(page("trial-service-list", organisation))
    assert [line.name for line in response.context["lines"]] == ["=Parking"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_dashboard_asks_as_many_questions_for_one_service_as_for_many(
    count, organisation, org_member, django_assert_max_num_queries
):
    for number in range(count):
        ServiceFactory(name=f"S{number}", organisation=organisation)
    client = client_of(org_member)
    client.get(page("organisation-dashboard", organisation))
    with django_assert_max_num_queries(16):
        client.get(page("organisation-dashboard", organisation))


def test_the_list_shows_ones_own_organisations_and_staff_see_all(organisation, org_member, stranger, platform_admin):
    OrganisationFactory(name="Zoo")
    address = reverse("organisations:organisation-list")

    def names(person, **query):
        return [one.name for one in client_of(person).get(address, query).context["organisations"]]

    assert names(org_member) == ["Department for Example"]
    assert names(stranger) == []
    assert names(platform_admin) == ["Department for Example", "Zoo"]
    assert names(platform_admin, search="zo") == ["Zoo"]
    assert names(platform_admin, after="Department for Example") == ["Zoo"]


def test_both_agreements_are_offered_while_nobody_knows_which_applies(organisation, org_member):
    organisation.crown = None
    organisation.save()
    client = client_of(org_member)
    assert client.get(page("agreement-detail", organisation)).context["agreement_text"] is None
    crown = client.get(page("agreement-detail", organisation, version="crown")).content.decode()
    other = client.get(page("agreement-detail", organisation, version="non-crown")).content.decode()
    assert "memorandum of understanding" in crown
    assert "This agreement is a contract" in other
