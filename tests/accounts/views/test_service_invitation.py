"""An invitation to a service, opened by people without an account, with one, and by somebody else."""

import pytest
from django.test import Client

from accounts.models import User
from services.actions import members
from services.models import Membership, ServiceInvitation
from services.permissions import VIEW_ACTIVITY
from tests.factories.accounts import PASSWORD, SignInUserFactory

pytestmark = pytest.mark.django_db

GUEST = "guest@charity.example"


@pytest.fixture
def invitation(service, manager, emails):
    def make(email: str) -> str:
        members.invite(service, email=email, permissions=[VIEW_ACTIVITY], by=manager)
        return emails(email).path

    return make


def test_somebody_without_an_account_makes_one_and_joins(invitation, service, texts):
    path = invitation(GUEST)
    client = Client()
    client.head(path)
    to = client.get(path).url
    assert to == f"/register?next={path.replace('/', '%2F').replace(':', '%3A')}"
    form = {"name": "Gus Guest", "mobile_number": "07700 900 123", "password1": PASSWORD, "next": path}
    assert client.post(to, form).url == "/two-factor"
    assert client.post("/two-factor", {"code": texts("+447700900123").code}).url == path
    assert client.get(path).status_code == 200
    assert not Membership.objects.filter(service=service, user__email=GUEST).exists()
    assert client.post(path).url == f"/services/{service.pk}"
    assert Membership.objects.filter(service=service, user__email=GUEST).exists()
    assert client.get(path).status_code == 410


def test_somebody_with_an_account_signs_in_and_comes_back(invitation, emails):
    person = SignInUserFactory()
    path = invitation(person.email)
    client = Client()
    assert client.get(path).url.startswith("/sign-in?next=")
    client.post("/sign-in", {"login": person.email, "password": PASSWORD, "next": path})
    assert client.post("/two-factor", {"code": emails(person.email).code}).url == path


def test_somebody_else_is_told_so(invitation, client_for, outsider):
    path = invitation(GUEST)
    browser = client_for(outsider)
    assert browser.get(path).status_code == 403
    assert browser.post(path).status_code in (403, 409)
    assert not User.objects.filter(email=GUEST).exists()


def test_the_invitation_of_one_opens_registration_for_no_other(invitation):
    client = Client()
    to = client.get(invitation(GUEST)).url
    client.post(to, {"name": "Eve", "email": "eve@gmail.example", "mobile_number": "07700900123", "password1": PASSWORD})
    assert not User.objects.filter(email="eve@gmail.example").exists()


def test_a_cancelled_invitation_leads_nowhere(invitation, service, manager):
    path = invitation(GUEST)
    members.cancel_invitation(ServiceInvitation.objects.get(service=service), by=manager)
    assert Client().get(path).status_code == 410


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00"])
def test_forged_tokens_lead_nowhere(token):
    assert Client().get(f"/invitation/{token}").status_code == 404
