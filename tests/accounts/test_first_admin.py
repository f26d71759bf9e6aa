import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db

FIRST = {"name": "Pat Platform", "email": "pat@town.example", "password": PASSWORD}


def printed() -> str:
    out = StringIO()
    call_command("first_admin", stdout=out)
    return out.getvalue()


def test_the_link_makes_one_administrator_once():
    path = re.search(r"https?://[^/]+(/\S+)", printed()).group(1)
    client = Client()
    assert client.get(path).status_code == 200
    assert client.post(path, {**FIRST, "password": "password"}).context["form"].errors
    assert client.post(path, FIRST).url == "/sign-in?next=/platform/set-up"
    pat = User.objects.get(email="pat@town.example")
    assert pat.is_superuser
    assert pat.is_staff
    assert client.get(path).status_code == 410
    assert client.post(path, {**FIRST, "email": "eve@town.example"}).status_code == 410
    assert User.objects.filter(is_superuser=True).count() == 1
    assert "already" in printed()


def test_a_forged_link_is_refused():
    assert Client().get("/first-administrator/abc").status_code == 410
