"""Lists take as many queries for many rows as for one."""

from django.test import Client

from accounts.actions.profile import change_name
from tests.factories.accounts import TextUserFactory
from tests.helpers.queries import at_one_and_three


def test_the_list_of_ones_sessions(db, sign_in):
    """django-allauth reads the person once for each session, to leave out those that are over; nothing else grows."""
    person = TextUserFactory()
    browser = sign_in(person)
    one, three = at_one_and_three(browser, "/your-account/sessions", lambda: sign_in(person, Client()).get("/your-account"))
    assert three == one + 2


def test_the_history_of_ones_account(db, sign_in):
    person = TextUserFactory()
    browser, names = sign_in(person), iter("ABC")
    one, three = at_one_and_three(browser, "/your-account/history", lambda: change_name(person, name=next(names), by=person))
    assert three == one
