from unittest.mock import ANY

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.test import Client

from accounts import guardian, slots
from accounts.actions import people
from accounts.models import User
from audit.models import AuditEvent
from notify import admin_groups
from notify.lib import clock
from notify.lib.refusals import ActionRefused, PermissionRefused, Reason
from organisations.models import OrganisationMember
from organisations.permissions import MAKE_SERVICES_LIVE
from services.models import Membership, Service
from services.permissions import MANAGE_SERVICE
from tests.factories.accounts import AuthenticatorFactory, UserFactory, UserSessionFactory
from tests.factories.organisations import OrganisationFactory, belong
from tests.factories.services import ServiceFactory, join
from tests.helpers.cast import STAFF, PlatformCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    person = UserFactory(is_staff=True)
    person.groups.add(Group.objects.get(name=admin_groups.PLATFORM_ADMIN))
    return person


@pytest.fixture
def person():
    return UserFactory(email="leaver@department.gov.uk")


def service_with(*team):
    service = ServiceFactory(name="Bins")
    for member in team:
        join(service, member, MANAGE_SERVICE)
    return service


def test_archiving_signs_out_leaves_every_team_and_frees_the_address(admin, person):
    service = service_with(person, UserFactory())
    belong(OrganisationFactory(), person, MAKE_SERVICES_LIVE)
    client = Client()
    client.force_login(person)
    UserSessionFactory(user=person, session_key=client.session.session_key)
    assert client.get("/organisations").status_code == 200
    people.archive_user(person, by=admin)
    assert client.get("/organisations").status_code == 302
    person.refresh_from_db()
    assert (person.is_active, person.archived_at is not None, person.has_usable_password()) == (False, True, False)
    assert not Membership.objects.filter(user=person).exists()
    assert not OrganisationMember.objects.filter(user=person).exists()
    assert guardian.permissions_of(User.objects.get(pk=person.pk), service) == frozenset()
    assert not UserSession.objects.filter(user=person).exists()
    assert User.objects.create_user("leaver@department.gov.uk", name="New")
    assert AuditEvent.objects.get(name="person.archived").actor == admin


def test_a_person_a_team_cannot_do_without_stays(admin, person):
    service_with(person)
    with pytest.raises(ActionRefused) as caught:
        people.archive_user(person, by=admin)
    assert [reason.code for reason in caught.value.reasons] == ["alone"]
    service = Service.objects.get()
    join(service, UserFactory())
    assert [reason.code for reason in people.archive_blockers(person)] == ["managers"]
    person.refresh_from_db()
    assert person.is_active


def test_resetting_the_second_factor_forgets_it_and_signs_out(admin, person):
    AuthenticatorFactory(user=person)
    User.objects.filter(pk=person.pk).update(sign_in_method="totp_auth")
    people.reset_second_factor(person, reason="Called them back", by=admin)
    person.refresh_from_db()
    assert person.sign_in_method == "email_auth"
    assert not Authenticator.objects.filter(user=person).exists()
    with pytest.raises(ActionRefused):
        people.reset_second_factor(person, reason=" ", by=admin)


def test_texts_need_a_number(admin, person):
    with pytest.raises(ActionRefused, match="no mobile number"):
        people.change_sign_in_method(person, method="sms_auth", by=admin)
    people.change_sign_in_method(person, method="email_auth", by=admin)
    person.refresh_from_db()
    assert person.sign_in_method == "email_auth"


def test_only_superusers_decide_who_is_staff(admin, person):
    group = Group.objects.get(name=admin_groups.SUPPORT)
    with pytest.raises(PermissionRefused):
        people.set_staff_groups(person, groups=[group], by=admin)
    chief = UserFactory(is_staff=True, is_superuser=True)
    people.set_staff_groups(person, groups=[group], by=chief)
    person.refresh_from_db()
    assert person.is_staff
    people.set_staff_groups(person, groups=[], by=chief)
    person.refresh_from_db()
    assert not person.is_staff
    with pytest.raises(ActionRefused):
        people.set_staff_groups(chief, groups=[], by=chief)


def test_superusers_are_out_of_reach_for_other_staff(admin):
    chief = UserFactory(is_staff=True, is_superuser=True)
    for attempt in (
        lambda: people.archive_user(chief, by=admin),
        lambda: people.reset_second_factor(chief, reason="x", by=admin),
        lambda: people.change_sign_in_method(chief, method="email_auth", by=admin),
        lambda: people.end_sessions(chief, by=admin),
    ):
        with pytest.raises(PermissionRefused):
            attempt()


def test_people_without_the_right_change_nobody(person):
    for by in (UserFactory(), UserFactory(is_staff=True)):
        with pytest.raises(PermissionRefused):
            people.archive_user(person, by=by)


# --- Who may, and what is written ---------------------------------------------------------------------------------
def somebody(**fields):
    return UserFactory(email="somebody@department.gov.uk", **fields)


VERBS = [
    Verb(
        people.archive_user,
        lambda cast: call(somebody()),
        STAFF,
        {
            "User.archived_at": ANY,
            "User.email": ANY,
            "User.is_active": False,
            "User.password": ANY,
            "history": ["person.archived"],
        },
        refused={
            "This account is archived already": lambda cast: call(somebody(archived_at=clock.now())),
            "You cannot archive your own account": lambda cast: call(cast.staff),
        },
    ),
    Verb(
        people.change_sign_in_method,
        lambda cast: call(somebody(), method="email_auth"),
        STAFF,
        {"User.sign_in_method": "email_auth", "history": ["person.sign_in_method_set"]},
        refused={
            "This person has no mobile number": lambda cast: call(somebody(), method="sms_auth"),
            "Select text message code or email link": lambda cast: call(somebody(), method="totp_auth"),
            "This person uses a passkey or an app. Reset their second factor instead": lambda cast: call(
                somebody(sign_in_method="totp_auth"), method="email_auth"
            ),
        },
    ),
    Verb(
        people.reset_second_factor,
        lambda cast: call(AuthenticatorFactory(user=somebody(sign_in_method="totp_auth")).user, reason="Called them back"),
        STAFF,
        {"-Authenticator": 1, "User.sign_in_method": "email_auth", "history": ["person.second_factor_reset"]},
        refused={
            "Say how you made sure that it is this person who asks": lambda cast: call(somebody(), reason=" "),
            "You cannot reset your own second factor here. Do it on your account page": lambda cast: call(
                cast.staff, reason="Lost it"
            ),
        },
    ),
    Verb(people.end_sessions, lambda cast: call(somebody()), STAFF, {"history": ["person.sessions_ended"]}),
    Verb(
        people.set_staff_groups,
        lambda cast: call(somebody(), groups=list(Group.objects.filter(name=admin_groups.SUPPORT))),
        ("superuser",),
        {"+User_groups": 1, "User.is_staff": True, "history": ["person.groups_set"]},
        refused={"This account is closed": lambda cast: call(somebody(is_active=False), groups=[])},
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(PlatformCast, VERBS)


def test_apps_to_the_right_object_and_take_leave(monkeypatch, admin, person):
    left = []
    guards = [lambda user: [Reason("needed", "The platform cannot do without them")]]
    monkeypatch.setattr(slots, "archive_guards", guards)
    monkeypatch.setattr(slots, "team_leavers", [left.append])
    with pytest.raises(ActionRefused, match="cannot do without"):
        people.archive_user(person, by=admin)
    guards.clear()
    people.archive_user(person, by=admin)
    assert left == [person]
