"""What people change about their own account, and what they cannot."""

from functools import cached_property
from unittest.mock import ANY

import pytest

from accounts.actions import profile
from accounts.sign_in import tokens
from notify.lib.refusals import ActionRefused
from tests.factories.accounts import AuthenticatorFactory, SignInUserFactory, TextUserFactory, UserFactory
from tests.helpers.cast import PlatformCast
from tests.helpers.snapshot import snapshot
from tests.helpers.verbs import Verb, call, suite_of


class OneselfCast(PlatformCast):
    """Somebody who changes their own account."""

    PEOPLE = ("person",)

    @cached_property
    def person(self):
        return TextUserFactory(name="Ana", email="ana@department.gov.uk", mobile_number="+447700900123")


def signs_in_by_email(cast):
    cast.person.sign_in_method = "email_auth"
    cast.person.save()
    return call(cast.person)


def asked_before(cast):
    return call(cast.person, email=cast.person.email)


def with_an_app(cast):
    return call(AuthenticatorFactory(user=cast.person).user, method="email_auth")


def without_a_number(cast):
    cast.person.mobile_verified = False
    cast.person.save()
    return call(cast.person, method="sms_auth")


ME = ("person",)
VERBS = [
    Verb(
        profile.change_name,
        lambda cast: call(cast.person, name="Ana Lyst"),
        ME,
        {"User.name": "Ana Lyst", "history": ["account.name_changed"]},
    ),
    Verb(
        profile.ask_email_change,
        lambda cast: call(cast.person, email="new@department.gov.uk"),
        ME,
        {"history": ["account.email_change_asked"]},
        refused={
            "This is your email address already": asked_before,
            "Enter a public sector email address": lambda cast: call(cast.person, email="a@example.com"),
        },
    ),
    Verb(
        profile.change_mobile,
        lambda cast: call(cast.person, number="+447700900999"),
        ME,
        {"User.mobile_number": "+447700900999", "history": ["account.mobile_changed"]},
    ),
    Verb(
        profile.remove_mobile,
        signs_in_by_email,
        ME,
        {"User.mobile_number": "", "User.mobile_verified": False, "history": ["account.mobile_removed"]},
        refused={"You sign in with codes to this number. Choose another way to sign in first": lambda cast: call(cast.person)},
    ),
    Verb(
        profile.change_method,
        lambda cast: call(cast.person, method="email_auth"),
        ME,
        {"User.sign_in_method": "email_auth", "history": ["account.method_changed"]},
        refused={
            "You sign in with an app or a passkey. Remove it to sign in with a code": with_an_app,
            "Add a mobile number first": without_a_number,
        },
    ),
]
test_allowed, _, test_refused, test_atomic = suite_of(OneselfCast, VERBS)


@pytest.mark.django_db
@pytest.mark.parametrize("verb", VERBS, ids=str)
@pytest.mark.parametrize("who", PlatformCast.PEOPLE[:-1])
def test_nobody_changes_the_account_of_somebody_else(verb, who):
    cast = OneselfCast()
    given, other = verb.with_(cast), getattr(cast, who)
    before = snapshot()
    with pytest.raises(ValueError, match="their own account only"):
        verb.run(given, other)
    assert snapshot() == before


class LinkCast(PlatformCast):
    """Actions that a link proves: nobody is signed in, so they take no `by`."""

    PEOPLE = ("nobody",)
    nobody = None


def link_opened(change, *, by):
    return profile.change_email(change)


def first_link_opened(*, by, **words):
    return profile.make_first_administrator(**words)


def change(**fields):
    person = SignInUserFactory(email="ana@department.gov.uk")
    return call(tokens.EmailChange(**{"user_id": person.pk, "before": person.email, "after": "new@department.gov.uk"} | fields))


def taken():
    UserFactory(email="new@department.gov.uk")
    return change()


def first(**fields):
    return call(**{"name": "Ad Min", "email": "ad@department.gov.uk", "password": "three random words"} | fields)


USED = "This link was used already, or you asked for another one since"
THERE = "There is an account with this email address already"
BY_LINK = [
    Verb(
        link_opened,
        lambda cast: change(),
        ("nobody",),
        {
            "+EmailAddress": 1,
            "-EmailAddress": 1,
            "User.email": "new@department.gov.uk",
            "User.email_access_validated_at": ANY,
            "history": ["account.email_changed"],
        },
        refused={USED: lambda cast: change(before="older@department.gov.uk"), THERE: lambda cast: taken()},
    ),
    Verb(
        first_link_opened,
        lambda cast: first(),
        ("nobody",),
        {"+EmailAddress": 1, "+User": 1, "history": ["account.first_administrator"]},
        refused={
            "There is an administrator already": lambda cast: cast.superuser and first(),
            THERE: lambda cast: first(email=UserFactory().email),
        },
    ),
]
test_links, _, test_links_refused, test_links_atomic = suite_of(LinkCast, BY_LINK)


@pytest.mark.django_db
def test_staff_keep_something_stronger_than_an_email():
    person = TextUserFactory(is_staff=True)
    with pytest.raises(ActionRefused, match="Staff cannot sign in with an email alone"):
        profile.change_method(person, method="email_auth", by=person)
    AuthenticatorFactory(user=person)
    person.sign_in_method = "totp_auth"
    person.save()
    assert profile.remove_mobile(person, by=person).mobile_number == ""
