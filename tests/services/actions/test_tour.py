"""Who gets a tour."""

import pytest

from messaging.message_templates.models import MessageTemplate
from services.actions.tour import begin
from services.models import Service
from services.permissions import SERVICE_PERMISSIONS
from tests.factories.accounts import UserFactory
from tests.factories.services import ServiceFactory, join

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(service):
    return join(service, UserFactory(mobile_number="+447700900123"), *SERVICE_PERMISSIONS)


def test_a_first_service_begins_with_the_tour(service, newcomer):
    assert begin(service, newcomer) == f"/services/{service.pk}/tour/{MessageTemplate.objects.get().pk}"


def test_a_second_service_does_not(service, newcomer):
    second = ServiceFactory()
    join(second, newcomer, *SERVICE_PERMISSIONS)
    assert (begin(service, newcomer), begin(second, newcomer)) == ("", "")


@pytest.mark.parametrize("fields", [{"permissions": ["email"]}, {"sms_limit_override": 0}])
def test_a_service_that_can_send_no_text_has_no_tour(fields, service, newcomer):
    Service.objects.filter(pk=service.pk).update(**fields)
    service.refresh_from_db()
    assert begin(service, newcomer) == ""
    assert not MessageTemplate.objects.exists()


def test_a_person_without_a_number_has_no_tour(service, newcomer):
    newcomer.mobile_number = ""
    assert begin(service, newcomer) == ""
