"""Adding a service: what is asked, and what crafted posts get."""

from django.urls import reverse

from services.models import Service
from tests.factories.accounts import UserFactory
from tests.factories.organisations import DomainFactory, OrganisationFactory
from tests.helpers.pages import text_of


def test_a_service_is_added_and_listed(outsider, client_for):
    browser = client_for(outsider)
    page = text_of(browser.get(reverse("services:service-name-yours")))
    assert "Who runs this service?" in page
    answer = browser.post(reverse("services:service-name-yours"), {"name": "Allotments", "organisation_type": "local"})
    service = Service.objects.get(name="Allotments")
    assert answer.headers["Location"] == f"/services/{service.pk}"
    assert "Allotments" in text_of(browser.get(reverse("services:service-list")))


def test_the_kind_is_not_asked_where_it_is_known_and_the_nhs_sees_its_own(client_for, db):
    DomainFactory(domain="town.gov.uk", organisation=OrganisationFactory())
    known = client_for(UserFactory(email="a@town.gov.uk")).get(reverse("services:service-name-yours"))
    assert "Who runs this service?" not in text_of(known)
    nhs = text_of(client_for(UserFactory(email="a@trust.nhs.uk")).get(reverse("services:service-name-yours")))
    assert ("GP surgery" in nhs, "Local government" in nhs) == (True, False)


def test_a_taken_name_is_said_beside_its_field(outsider, client_for, service):
    page = client_for(outsider).post(
        reverse("services:service-name-yours"), {"name": service.name, "organisation_type": "local"}
    )
    assert (page.status_code, text_of(page).count("already in use")) == (200, 2)
