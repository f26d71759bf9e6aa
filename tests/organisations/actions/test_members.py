from datetime import timedelta
from unittest.mock import ANY

import pytest

from accounts import guardian
from audit.models import AuditEvent
from audit.record import SYSTEM
from notify.lib import clock
from notify.lib.refusals import ActionRefused, PermissionRefused
from organisations.actions import members
from organisations.models import OrganisationInvitation, OrganisationMember
from organisations.permissions import MAKE_SERVICES_LIVE
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationInvitationFactory, OrganisationMemberFactory, belong
from tests.helpers.cast import STAFF, OrganisationCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


def is_member(person, organisation):
    return OrganisationMember.objects.filter(user=person, organisation=organisation).exists()


def expire(invitation):
    OrganisationInvitation.objects.filter(pk=invitation.pk).update(created_at=clock.now() - timedelta(days=2, minutes=1))
    invitation.refresh_from_db()


def test_an_invited_person_joins_with_the_permissions_of_the_invitation(
    organisation, approver, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        invitation = members.invite(
            organisation, email=" New@Department.gov.uk ", permissions=[MAKE_SERVICES_LIVE], by=approver
        )
    (mail,) = mailoutbox
    assert mail.to == ["new@department.gov.uk"]
    assert members.invitation_link(invitation) in mail.body
    person = UserFactory(email="new@department.gov.uk")
    assert members.accept_invitation(invitation, by=person) == organisation
    assert members.accept_invitation(invitation, by=person) == organisation
    assert is_member(person, organisation)
    assert guardian.permissions_of(person, organisation) == {MAKE_SERVICES_LIVE}
    assert [event.name for event in AuditEvent.objects.order_by("id")] == [
        "organisation.member_invited",
        "organisation.member_joined",
    ]


def test_nobody_gives_away_a_right_they_do_not_hold(organisation, org_member):
    with pytest.raises(ActionRefused, match="do not have"):
        members.invite(organisation, email="a@b.gov.uk", permissions=[MAKE_SERVICES_LIVE], by=org_member)
    with pytest.raises(ActionRefused, match="Unknown"):
        members.invite(organisation, email="a@b.gov.uk", permissions=["everything"], by=SYSTEM)
    assert not OrganisationInvitation.objects.exists()


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a b@c.gov.uk"])
def test_an_address_must_be_one(organisation, org_member, email):
    with pytest.raises(ActionRefused, match="correct format"):
        members.invite(organisation, email=email, permissions=[], by=org_member)


def test_members_and_invited_people_are_not_invited_again(organisation, org_member, approver):
    with pytest.raises(ActionRefused, match="already a member"):
        members.invite(organisation, email=approver.email.upper(), permissions=[], by=org_member)
    first = members.invite(organisation, email="a@b.gov.uk", permissions=[], by=org_member)
    with pytest.raises(ActionRefused, match="already has an invitation"):
        members.invite(organisation, email="a@b.gov.uk", permissions=[], by=org_member)
    expire(first)
    second = members.invite(organisation, email="a@b.gov.uk", permissions=[], by=org_member)
    first.refresh_from_db()
    assert (first.status, second.status) == ("cancelled", "pending")


def test_strangers_change_nothing(organisation, org_member, stranger):
    invitation = members.invite(organisation, email="a@b.gov.uk", permissions=[], by=org_member)
    for attempt in (
        lambda: members.invite(organisation, email="c@d.gov.uk", permissions=[], by=stranger),
        lambda: members.cancel_invitation(invitation, by=stranger),
        lambda: members.accept_invitation(invitation, by=stranger),
        lambda: members.remove_member(organisation, user=org_member, by=stranger),
        lambda: members.change_permissions(organisation, user=org_member, permissions=[], by=stranger),
        lambda: members.add_member(organisation, user=stranger, by=stranger),
    ):
        with pytest.raises(PermissionRefused):
            attempt()
    assert is_member(org_member, organisation)
    assert not is_member(stranger, organisation)


def test_a_cancelled_or_expired_invitation_does_not_work(organisation, org_member):
    cancelled = members.invite(organisation, email="a@b.gov.uk", permissions=[], by=org_member)
    members.cancel_invitation(cancelled, by=org_member)
    expired = members.invite(organisation, email="c@d.gov.uk", permissions=[], by=org_member)
    expire(expired)
    for invitation in (cancelled, expired):
        with pytest.raises(ActionRefused, match="expired or was cancelled"):
            members.accept_invitation(invitation, by=UserFactory(email=invitation.email))
    with pytest.raises(ActionRefused, match="already been answered"):
        members.cancel_invitation(cancelled, by=org_member)


def test_a_link_we_did_not_make_leads_nowhere(organisation, org_member):
    invitation = members.invite(organisation, email="a@b.gov.uk", permissions=[], by=org_member)
    token = members.invitation_link(invitation).rpartition("/")[2]
    assert members.invitation_from_token(token) == invitation
    for forged in ("", "x", token[:-1], str(invitation.pk)):
        assert members.invitation_from_token(forged) is None


def test_permissions_are_set_by_those_who_hold_them(organisation, org_member, approver):
    members.change_permissions(organisation, user=org_member, permissions=[MAKE_SERVICES_LIVE], by=approver)
    assert guardian.permissions_of(org_member, organisation) == {MAKE_SERVICES_LIVE}
    with pytest.raises(ActionRefused, match="your own"):
        members.change_permissions(organisation, user=approver, permissions=[], by=approver)


def test_a_member_without_a_right_neither_gives_nor_takes_it(organisation, org_member, approver):
    other = UserFactory()
    OrganisationMemberFactory(organisation=organisation, user=other)
    with pytest.raises(ActionRefused, match="do not have"):
        members.change_permissions(organisation, user=other, permissions=[MAKE_SERVICES_LIVE], by=org_member)
    with pytest.raises(ActionRefused, match="do not have"):
        members.change_permissions(organisation, user=approver, permissions=[], by=org_member)


def test_leaving_takes_every_right_away(organisation, approver, org_member):
    members.remove_member(organisation, user=approver, by=org_member)
    assert not is_member(approver, organisation)
    assert guardian.permissions_of(approver, organisation) == frozenset()
    with pytest.raises(ActionRefused, match="not a member"):
        members.remove_member(organisation, user=approver, by=org_member)


def test_staff_add_members_at_once(organisation, platform_admin, stranger):
    members.add_member(organisation, user=stranger, by=platform_admin, permissions=[MAKE_SERVICES_LIVE])
    assert is_member(stranger, organisation)
    assert members.member_or_none(organisation, stranger.pk) == stranger
    assert members.member_or_none(organisation, platform_admin.pk) is None


# --- Who may, and what is written ---------------------------------------------------------------------------------
def invited(cast, **fields):
    return OrganisationInvitationFactory(organisation=cast.organisation, email="new@department.gov.uk", **fields)


def somebody(cast):
    return belong(cast.organisation, UserFactory(name="Some Body"))


TEAM = ("colleague", "approver", *STAFF)
ANSWERED = "This invitation has already been answered or cancelled"
NO_MEMBER = "This person is not a member of the organisation"
VERBS = [
    Verb(
        members.invite,
        lambda cast: call(cast.organisation, email="new@department.gov.uk", permissions=[]),
        TEAM,
        {"+OrganisationInvitation": 1, "history": ["organisation.member_invited"]},
        refused={
            "new@department.gov.uk already has an invitation": lambda cast: call(
                cast.organisation, email=invited(cast).email, permissions=[]
            )
        },
    ),
    Verb(
        members.cancel_invitation,
        lambda cast: call(invited(cast)),
        TEAM,
        {
            "OrganisationInvitation.answered_at": ANY,
            "OrganisationInvitation.status": "cancelled",
            "history": ["organisation.invitation_cancelled"],
        },
        refused={ANSWERED: lambda cast: call(invited(cast, status="accepted"))},
    ),
    Verb(
        members.change_permissions,
        lambda cast: call(cast.organisation, user=somebody(cast), permissions=[MAKE_SERVICES_LIVE]),
        ("approver", *STAFF),
        {"+OrganisationUserPermission": 1, "history": ["organisation.member_permissions_changed"]},
        left_out=("colleague",),
        refused={NO_MEMBER: lambda cast: call(cast.organisation, user=UserFactory(), permissions=[])},
    ),
    Verb(
        members.remove_member,
        lambda cast: call(cast.organisation, user=somebody(cast)),
        TEAM,
        {"-OrganisationMember": 1, "history": ["organisation.member_removed"]},
        refused={NO_MEMBER: lambda cast: call(cast.organisation, user=UserFactory())},
    ),
    Verb(
        members.add_member,
        lambda cast: call(cast.organisation, user=UserFactory(), permissions=[MAKE_SERVICES_LIVE]),
        STAFF,
        {"+OrganisationMember": 1, "+OrganisationUserPermission": 1, "history": ["organisation.member_added"]},
        refused={"Unknown permission: fly": lambda cast: call(cast.organisation, user=UserFactory(), permissions=["fly"])},
    ),
    Verb(
        members.accept_invitation,
        lambda cast: call(OrganisationInvitationFactory(organisation=cast.organisation, email=cast.outsider.email)),
        ("outsider",),
        {
            "+OrganisationMember": 1,
            "OrganisationInvitation.answered_at": ANY,
            "OrganisationInvitation.status": "accepted",
            "history": ["organisation.member_joined"],
        },
        left_out=("system",),
        refused={
            "This invitation has expired or was cancelled. Ask the person who invited you for a new one": lambda cast: call(
                OrganisationInvitationFactory(email=cast.outsider.email, status="cancelled")
            )
        },
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(OrganisationCast, VERBS)
