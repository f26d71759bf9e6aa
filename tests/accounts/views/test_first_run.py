"""The one-time link of the first administrator."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.sign_in import tokens
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

FIRST = {"name": "Pat Platform", "email": "pat@town.example", "password": PASSWORD}


@pytest.fixture
def address():
    return f"/first-administrator/{tokens.sign_first_administrator()}"


def test_the_first_administrator_is_made_by_the_form(address):
    assert Client().post(address, FIRST).url == "/sign-in?next=/platform/set-up"
    pat = User.objects.get(email=FIRST["email"])
    assert (pat.name, pat.is_superuser, pat.check_password(PASSWORD)) == ("Pat Platform", True, True)


@pytest.mark.parametrize(
    ("change", "field"), [({"password": "password"}, "password"), ({"email": "nobody"}, "email"), ({"name": ""}, "name")]
)
def test_what_is_wrong_is_said_beside_its_field(address, change, field):
    page = Client().post(address, FIRST | change)
    assert list(page.context["form"].errors) == [field]
    assert not User.objects.exists()


def test_a_taken_address_is_said_beside_its_field(address):
    page = Client().post(address, FIRST | {"email": UserFactory().email})
    assert page.context["form"].errors["email"] == ["There is an account with this email address already"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_link_is_dead_once_there_is_an_administrator(address, method):
    UserFactory(is_superuser=True)
    assert getattr(Client(), method)(address, FIRST).status_code == 410
