import pytest
from django.urls import reverse

from tests.factories.accounts import UserFactory
from tests.factories.message_templates import TemplateFactory
from tests.factories.organisations import OrganisationMemberFactory

pytestmark = pytest.mark.django_db
OPEN = ["dashboard:usage", "dashboard:usage-download", "message_templates:template-list", "services:member-list"]
CLOSED = [
    "services:settings",
    "notifications:notification-list",
    "services:api",
    "message_templates:template-add",
    "services:member-invite",
]


@pytest.fixture
def colleague(service):
    person = UserFactory()
    OrganisationMemberFactory(organisation=service.organisation, user=person)
    return person


def status(client, name, service):
    return client.get(reverse(name, kwargs={"service_id": service.pk})).status_code


@pytest.mark.parametrize("name", OPEN)
def test_members_of_the_organisation_look_at_its_services(name, service, colleague, outsider, client_for):
    assert status(client_for(colleague), name, service) == 200
    assert status(client_for(outsider), name, service) == 404


@pytest.mark.parametrize("name", CLOSED)
def test_they_see_nothing_else(name, service, colleague, client_for):
    assert status(client_for(colleague), name, service) == 404


def test_their_navigation_leads_only_where_they_may_go(service, colleague, client_for):
    response = client_for(colleague).get(reverse("message_templates:template-list", kwargs={"service_id": service.pk}))
    links = [link["text"] for link in response.context["service_navigation"]]
    assert links == ["Templates", "Team members", "Usage"]


def test_they_read_a_template(service, colleague, client_for):
    template = TemplateFactory(service=service, name="Hello", words={"created_by": colleague, "body": "Hi"})
    address = reverse("message_templates:template-detail", kwargs={"service_id": service.pk, "template_id": template.pk})
    assert client_for(colleague).get(address).status_code == 200


def test_other_organisations_and_archived_ones_see_nothing(service, colleague, client_for):
    elsewhere = UserFactory()
    OrganisationMemberFactory(user=elsewhere)
    assert status(client_for(elsewhere), "dashboard:usage", service) == 404
    service.archived_at = "2026-01-01T00:00:00Z"
    service.save()
    assert status(client_for(colleague), "dashboard:usage", service) == 404
