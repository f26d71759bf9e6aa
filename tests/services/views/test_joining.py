"""Asking to join a team and answering."""

from django.urls import reverse

from services.models import JoinRequest, Membership
from services.permissions import MANAGE_SERVICE, VIEW_ACTIVITY
from tests.factories.accounts import UserFactory
from tests.factories.organisations import DomainFactory
from tests.factories.services import LiveServiceFactory, join
from tests.helpers.pages import text_of, url


def test_a_join_request_from_choosing_to_approving(client_for, db):
    live = LiveServiceFactory(name="Street lights")
    DomainFactory(domain="town.gov.uk", organisation=live.organisation)
    boss = join(live, UserFactory(email="boss@town.gov.uk"), MANAGE_SERVICE)
    person = UserFactory(email="col@town.gov.uk")
    browser = client_for(person)
    assert "Join an existing service" in text_of(browser.get(reverse("services:service-list")))
    assert "Street lights" in text_of(browser.get(reverse("services:join-choose")))
    answer = browser.post(url("join-ask", live), {"managers": [str(boss.pk)], "reason": "Lamps"})
    assert boss.name in text_of(browser.get(answer.headers["Location"]))
    request = JoinRequest.objects.get()
    page = url("join-request", live, request_id=request.pk)
    assert "Lamps" in text_of(client_for(boss).get(page))
    client_for(boss).post(page, {"answer": "approve", "permissions": [VIEW_ACTIVITY]})
    assert Membership.objects.filter(user=person, service=live).exists()
    assert client_for(boss).post(page, {"answer": "refuse"}).status_code == 200
