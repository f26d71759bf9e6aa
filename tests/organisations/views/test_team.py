import pytest
from django.test import Client
from django.urls import reverse

from accounts import guardian
from organisations.models import OrganisationInvitation, OrganisationMember
from organisations.permissions import MAKE_SERVICES_LIVE
from tests.factories.organisations import OrganisationInvitationFactory

pytestmark = pytest.mark.django_db


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def page(name, *arguments):
    return reverse(f"organisations:{name}", args=arguments)


def test_the_team_page_shows_people_and_invitations(organisation, org_member, approver):
    OrganisationInvitationFactory(organisation=organisation, email="soon@department.gov.uk")
    text = client_of(org_member).get(page("member-list", organisation.pk)).content.decode()
    for words in (org_member.email, approver.email, "Can make new services live", "soon@department.gov.uk"):
        assert words in text


def test_inviting_offers_only_the_permissions_one_has(organisation, org_member, approver):
    address = page("member-invite", organisation.pk)
    assert "Make new services live" not in client_of(org_member).get(address).content.decode()
    assert "Make new services live" in client_of(approver).get(address).content.decode()
    data = {"email": "new@department.gov.uk", "permissions": [MAKE_SERVICES_LIVE]}
    assert client_of(approver).post(address, data).headers["Location"] == page("member-list", organisation.pk)
    client_of(org_member).post(address, data | {"email": "other@department.gov.uk"})
    given = dict(OrganisationInvitation.objects.values_list("email", "permissions"))
    assert given == {"new@department.gov.uk": [MAKE_SERVICES_LIVE], "other@department.gov.uk": []}


@pytest.mark.parametrize("email", ["", "nobody", "x" * 400])
def test_a_bad_address_is_an_error_beside_the_field(organisation, org_member, email):
    response = client_of(org_member).post(page("member-invite", organisation.pk), {"email": email})
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()


def test_permissions_of_others_are_changed_and_ones_own_are_not(organisation, org_member, approver):
    client = client_of(approver)
    response = client.post(page("member-edit", organisation.pk, org_member.pk), {"permissions": [MAKE_SERVICES_LIVE]})
    assert response.status_code == 302
    assert guardian.permissions_of(org_member, organisation) == {MAKE_SERVICES_LIVE}
    assert client.get(page("member-edit", organisation.pk, approver.pk)).status_code == 403


@pytest.mark.parametrize("name", ["member-edit", "member-remove"])
def test_people_outside_the_team_are_not_found(organisation, org_member, stranger, name):
    assert client_of(org_member).get(page(name, organisation.pk, stranger.pk)).status_code == 404
    assert client_of(stranger).get(page(name, organisation.pk, org_member.pk)).status_code == 404
    assert client_of(org_member).post(page(name, organisation.pk, stranger.pk)).status_code == 404


def test_removing_asks_first(organisation, org_member, approver):
    address = page("member-remove", organisation.pk, approver.pk)
    client = client_of(org_member)
    assert "Are you sure" in client.get(address).content.decode()
    assert OrganisationMember.objects.count() == 2
    assert client.post(address).status_code == 302
    assert OrganisationMember.objects.get().user == org_member
    assert client.post(page("member-remove", organisation.pk, org_member.pk)).headers["Location"] == "/your-services"


def test_an_invitation_is_cancelled_by_the_team_only(organisation, org_member, stranger):
    invitation = OrganisationInvitationFactory(organisation=organisation)
    address = page("invitation-cancel", organisation.pk, invitation.pk)
    assert client_of(stranger).post(address).status_code == 404
    assert client_of(org_member).get(address).status_code == 405
    assert client_of(org_member).post(address).status_code == 302
    invitation.refresh_from_db()
    assert invitation.status == "cancelled"
    elsewhere = OrganisationInvitationFactory()
    assert client_of(org_member).post(page("invitation-cancel", organisation.pk, elsewhere.pk)).status_code == 404
