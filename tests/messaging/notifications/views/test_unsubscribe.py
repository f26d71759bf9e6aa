import uuid

import pytest
from django.test import Client
from django.urls import reverse

from messaging.notifications.links.unsubscribe import token_for, unsubscribe_page_url
from messaging.notifications.models import Suppression, UnsubscribeRequest
from tests.helpers.api import Api, make_key, make_service, make_template

pytestmark = pytest.mark.django_db


@pytest.fixture
def message():
    service = make_service("Bin days")
    template = make_template(service, "email")
    body = {"email_address": "a@example.com", "template_id": str(template.pk), "personalisation": {"name": "x"}}
    _, sent = Api(make_key(service)).post("/v2/notifications/email", body)
    return uuid.UUID(sent["id"])


def page(message, token=None):
    return reverse("notifications:unsubscribe-page", args=[message, token or token_for(message)])


def test_the_link_in_the_email_leads_to_the_page(message):
    assert unsubscribe_page_url(message).endswith(page(message))


def test_opening_the_page_unsubscribes_nobody(message):
    response = Client().get(page(message))
    assert "Unsubscribe from emails of Bin days" in response.content.decode()
    assert not UnsubscribeRequest.objects.exists()


def test_the_button_does_and_doing_it_again_is_harmless(message):
    for _ in range(2):
        response = Client().post(page(message))
        assert response.headers["Location"] == reverse("notifications:unsubscribe-confirmed")
    assert UnsubscribeRequest.objects.get().email_address == "a@example.com"
    assert Suppression.objects.get().reason == "unsubscribe"
    assert Client().get(page(message)).headers["Location"] == reverse("notifications:unsubscribe-confirmed")
    assert "You have unsubscribed" in Client().get(reverse("notifications:unsubscribe-confirmed")).content.decode()


def test_a_bad_link_is_not_found(message):
    other = uuid.uuid4()
    for address in (page(message, "x"), page(other, token_for(message)), page(other)):
        assert Client().get(address).status_code == 404
        assert Client().post(address).status_code == 404
    assert not UnsubscribeRequest.objects.exists()


def test_the_page_is_protected_against_forged_forms(message):
    assert Client(enforce_csrf_checks=True).post(page(message)).status_code in (400, 403)


def test_teams_can_look_at_an_example():
    address = reverse("notifications:unsubscribe-example")
    assert "Example service" in Client().get(address).content.decode()
    assert Client().post(address).status_code == 302
    assert not UnsubscribeRequest.objects.exists()
