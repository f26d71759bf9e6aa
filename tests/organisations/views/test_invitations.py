"""The link in an invitation."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from notify.lib import clock
from organisations.actions import members
from organisations.models import OrganisationInvitation, OrganisationMember
from organisations.permissions import MAKE_SERVICES_LIVE
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationInvitationFactory

pytestmark = pytest.mark.django_db


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def page(name, *arguments):
    return reverse(f"organisations:{name}", args=arguments)


def link_of(invitation):
    return "/" + members.invitation_link(invitation).split("/", 3)[3]


@pytest.fixture
def invitation(organisation):
    return OrganisationInvitationFactory(organisation=organisation, permissions=[MAKE_SERVICES_LIVE])


def test_a_person_with_an_account_signs_in_and_joins_with_one_button(invitation):
    person = UserFactory(email=invitation.email)
    assert Client().get(link_of(invitation)).headers["Location"].startswith("/sign-in?next=")
    client = client_of(person)
    assert "Join" in client.get(link_of(invitation)).content.decode()
    assert not OrganisationMember.objects.exists()
    dashboard = page("organisation-dashboard", invitation.organisation_id)
    assert client.post(link_of(invitation)).headers["Location"] == dashboard
    assert client.get(link_of(invitation)).headers["Location"] == dashboard


def test_a_person_without_an_account_registers_first(invitation):
    client = Client()
    response = client.get(link_of(invitation))
    assert response.headers["Location"].startswith(reverse("account_signup"))
    assert client.session["invited_email"] == invitation.email


def test_somebody_else_is_told_whose_it_is(invitation, stranger):
    response = client_of(stranger).get(link_of(invitation))
    assert response.status_code == 403
    assert invitation.email in response.content.decode()
    assert client_of(stranger).post(link_of(invitation)).status_code == 403
    assert not OrganisationMember.objects.exists()


def test_a_cancelled_or_expired_one_names_the_inviter(invitation):
    person = UserFactory(email=invitation.email)
    old = clock.now() - timedelta(days=3)
    for change in ({"status": "cancelled"}, {"status": "pending", "created_at": old}):
        OrganisationInvitation.objects.filter(pk=invitation.pk).update(**change)
        for client in (Client(), client_of(person)):
            response = client.get(link_of(invitation))
            assert response.status_code == 410
            assert str(invitation.invited_by) in response.content.decode()


@pytest.mark.parametrize("token", ["x", "3f0f6a3c-0000-7000-8000-000000000000:forged"])
def test_a_link_we_did_not_make_is_not_found(token):
    assert Client().get(page("invitation-accept", token)).status_code == 404
