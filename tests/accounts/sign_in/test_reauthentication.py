import time

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.sign_in import reauthentication
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def request_of(person, *, minutes_ago, path="/admin/", whose=None, method="get", **headers):
    client = Client()
    client.force_login(person)
    request = getattr(RequestFactory(), method)(path, headers=headers)
    request.user, request.session = person, client.session
    request.session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 60 * minutes_ago}]
    request.session["account_authentication_methods_user"] = str((whose or person).pk)
    return request


def test_a_sign_in_counts_for_half_an_hour():
    person = UserFactory()
    assert reauthentication.ask_again(request_of(person, minutes_ago=29)) is None
    answer = reauthentication.ask_again(request_of(person, minutes_ago=31, path="/admin/x/?a=1"))
    assert answer.headers["Location"] == reverse("account_reauthenticate") + "?next=%2Fadmin%2Fx%2F%3Fa%3D1"


def test_the_proof_of_another_person_does_not_count():
    assert reauthentication.ask_again(request_of(UserFactory(), minutes_ago=1, whose=UserFactory())) is not None


def test_after_a_form_people_come_back_to_the_form():
    answer = reauthentication.ask_again(request_of(UserFactory(), minutes_ago=31, method="post", referer="/admin/y/"))
    assert answer.headers["Location"].endswith("next=%2Fadmin%2Fy%2F")
