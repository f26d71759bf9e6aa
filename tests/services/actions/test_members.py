"""The team: invitations, what each person may do, leaving."""

import re
from datetime import timedelta
from unittest.mock import ANY

import pytest
from django.core import mail

from accounts import guardian
from accounts.models import User
from audit.models import AuditEvent
from messaging.message_templates.models import FolderAccess
from notify.lib import clock
from notify.lib.refusals import ActionRefused, PermissionRefused
from services.access import permissions_at
from services.actions import members
from services.actions.create import create_service
from services.models import Membership, Service, ServiceInvitation, ServiceUserPermission
from services.permissions import MANAGE_SERVICE, MANAGE_TEMPLATES, SEND_MESSAGES, SERVICE_PERMISSIONS, VIEW_ACTIVITY
from tests.factories.accounts import UserFactory
from tests.factories.message_templates import TemplateFolderFactory
from tests.factories.services import InvitationFactory, LiveServiceFactory, PendingServiceFactory, ServiceFactory, join
from tests.helpers.cast import TEAM, ServiceCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


def refusal(action, *args, **kwargs):
    """What an action says when it refuses; nothing has been written to the history."""
    events = AuditEvent.objects.count()
    with pytest.raises(ActionRefused) as refused:
        action(*args, **kwargs)
    assert AuditEvent.objects.count() == events
    return [reason.message for reason in refused.value.reasons]


def membership_of(user, service):
    return Membership.objects.get(user=user, service=service)


def test_the_grants_of_a_fresh_service_are_exactly_its_creators():
    creator = UserFactory()
    service = create_service(name="Fresh", organisation_type="central", by=creator)
    grants = ServiceUserPermission.objects.filter(content_object=service)
    assert set(grants.values_list("user__email", "permission__codename")) == {
        (creator.email, "view_activity"),
        (creator.email, "send_messages"),
        (creator.email, "manage_templates"),
        (creator.email, "manage_service"),
        (creator.email, "manage_api_keys"),
    }
    assert list(Membership.objects.filter(service=service).values_list("user", flat=True)) == [creator.pk]


# --- Inviting ---------------------------------------------------------------------------------------------------------
def test_an_invitation_is_emailed_and_accepted(service, manager, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invitation = members.invite(service, email=" New@Department.gov.uk ", permissions=[SEND_MESSAGES], by=manager)
    assert (invitation.email, [each.to for each in mail.outbox]) == ("new@department.gov.uk", [["new@department.gov.uk"]])
    [token] = re.findall(r"/invitation/([^\s/]+)", mail.outbox[0].body)
    assert members.invitation_from(token) == invitation
    person = UserFactory(email="new@department.gov.uk")
    membership = members.accept_invitation(invitation, by=person)
    assert guardian.permissions_of(person, service) == {SEND_MESSAGES}
    assert (membership.expires_at, membership.sees_all_folders) == (None, True)


def test_a_second_invitation_replaces_the_first(service, manager):
    first = members.invite(service, email="a@b.gov.uk", permissions=[], by=manager)
    members.invite(service, email="a@b.gov.uk", permissions=[VIEW_ACTIVITY], by=manager)
    first.refresh_from_db()
    assert first.status == "cancelled"
    assert ServiceInvitation.objects.filter(service=service, status="pending").count() == 1


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a b@c.gov.uk"])
def test_bad_addresses_are_not_invited(email, service, manager):
    assert refusal(members.invite, service, email=email, permissions=[], by=manager) == [
        "Enter an email address in the correct format, like name@example.gov.uk"
    ]


def test_members_unknown_permissions_folders_and_methods_are_not_invited(service, manager, member):
    assert refusal(members.invite, service, email=member.email, permissions=[], by=manager) == [
        "mel@department.gov.uk is already a member of Bin collections"
    ]
    assert refusal(members.invite, service, email="a@b.gov.uk", permissions=["own_it"], by=manager) == [
        "There is no permission own_it"
    ]
    folder = TemplateFolderFactory(service=ServiceFactory(), name="Theirs")
    assert refusal(members.invite, service, email="a@b.gov.uk", permissions=[], folders=[str(folder.pk)], by=manager) == [
        "Choose folders of this service"
    ]
    assert refusal(members.invite, service, email="a@b.gov.uk", permissions=[], sign_in_method="email_auth", by=manager) == [
        "Your service does not let people sign in with an email link"
    ]
    assert not ServiceInvitation.objects.exists()


def test_only_managers_invite_cancel_and_send_again(service, member, outsider):
    invitation = InvitationFactory(service=service)
    for person in (member, outsider):
        for action, words in (
            (members.invite, {"email": "a@b.gov.uk", "permissions": []}),
            (members.cancel_invitation, {}),
            (members.resend_invitation, {}),
        ):
            with pytest.raises(PermissionRefused):
                action(service if action is members.invite else invitation, by=person, **words)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": "cancelled"}, "This invitation was cancelled: ask for a new one"),
        ({"status": "accepted"}, "This invitation has been accepted already"),
        (
            {"sent_at": clock.now() - timedelta(days=2, seconds=1)},
            "This invitation is older than two days: ask for a new one",
        ),
    ],
)
def test_invitations_that_cannot_be_accepted(fields, sentence, service, outsider):
    invitation = InvitationFactory(service=service, email=outsider.email, **fields)
    assert refusal(members.accept_invitation, invitation, by=outsider) == [sentence]
    assert not Membership.objects.filter(user=outsider).exists()


def test_an_invitation_is_for_one_person(service, outsider):
    invitation = InvitationFactory(service=service, email="else@department.gov.uk")
    assert refusal(members.accept_invitation, invitation, by=outsider) == [
        "This invitation is for else@department.gov.uk: sign in with that address to accept it"
    ]


def test_sending_again_begins_the_two_days_anew(service, manager):
    invitation = InvitationFactory(service=service, sent_at=clock.now() - timedelta(days=3))
    assert members.resend_invitation(invitation, by=manager).is_open


def test_an_invitation_brings_folders_and_the_sign_in_method(service, manager, outsider):
    Service.objects.filter(pk=service.pk).update(permissions=[*service.permissions, "email_auth"])
    service.refresh_from_db()
    ours, _ = (TemplateFolderFactory(service=service, name=name) for name in ("Ours", "Other"))
    invitation = members.invite(
        service,
        email=outsider.email,
        permissions=[VIEW_ACTIVITY],
        folders=[str(ours.pk)],
        sign_in_method="email_auth",
        by=manager,
    )
    membership = members.accept_invitation(invitation, by=outsider)
    membership.refresh_from_db()
    assert not membership.sees_all_folders
    assert list(FolderAccess.objects.filter(membership=membership).values_list("folder", flat=True)) == [ours.pk]
    assert User.objects.get(pk=outsider.pk).sign_in_method == "email_auth"


# --- Changing ---------------------------------------------------------------------------------------------------------
def test_permissions_are_exactly_what_was_ticked(service, manager, member):
    members.change_permissions(membership_of(member, service), permissions=[SEND_MESSAGES, MANAGE_TEMPLATES], by=manager)
    assert permissions_at(member, service) == {SEND_MESSAGES, MANAGE_TEMPLATES}
    event = AuditEvent.objects.filter(name="member.changed").get()
    assert event.data == {
        "person": "Mel Member",
        "before": "See dashboard",
        "after": "Send messages, Add and edit templates",
    }


def test_a_permission_outside_the_list_is_refused(service, manager, member):
    assert refusal(members.change_permissions, membership_of(member, service), permissions=["delete_service"], by=manager) == [
        "There is no permission delete_service"
    ]
    assert permissions_at(member, service) == {VIEW_ACTIVITY}


def test_members_cannot_give_themselves_more(service, member):
    with pytest.raises(PermissionRefused):
        members.change_permissions(membership_of(member, service), permissions=list(SERVICE_PERMISSIONS), by=member)


def test_access_that_has_run_out_is_no_access(service, manager, member):
    membership = membership_of(member, service)
    members.change_permissions(membership, permissions=[VIEW_ACTIVITY], expires_at=clock.now() + timedelta(days=1), by=manager)
    assert permissions_at(member, service) == {VIEW_ACTIVITY}
    Membership.objects.filter(pk=membership.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    assert permissions_at(member, service) == frozenset()
    assert not Service.objects.visible_to(member).exists()


def test_somebody_whose_access_ran_out_begins_anew(service, manager, member):
    Membership.objects.filter(user=member).update(expires_at=clock.now() - timedelta(days=1))
    invitation = members.invite(service, email=member.email, permissions=[SEND_MESSAGES], by=manager)
    members.accept_invitation(invitation, by=member)
    assert permissions_at(member, service) == {SEND_MESSAGES}


def test_changing_permissions_alone_keeps_the_last_day(service, manager, member):
    until = clock.now() + timedelta(days=5)
    Membership.objects.filter(user=member).update(expires_at=until)
    members.change_permissions(membership_of(member, service), permissions=[], by=manager)
    assert membership_of(member, service).expires_at == until


def test_the_last_day_is_not_in_the_past(service, manager, member):
    assert refusal(
        members.change_permissions,
        membership_of(member, service),
        permissions=[],
        expires_at=clock.now() - timedelta(days=1),
        by=manager,
    ) == ["The last day of access must be in the future"]


def test_adding_somebody_twice_only_adds_permissions(service, manager, member):
    membership = members.add_member(service, user=member, permissions=[SEND_MESSAGES], by=manager)
    assert membership == membership_of(member, service)
    assert permissions_at(member, service) == {VIEW_ACTIVITY, SEND_MESSAGES}
    assert not AuditEvent.objects.filter(name="member.added").exists()


def test_folders_are_written_down_when_they_change(service, manager, member):
    ours, theirs = (TemplateFolderFactory(service=service, name=name) for name in ("Ours", "Theirs"))
    told = []
    for folders in (None, [str(ours.pk)], [str(ours.pk)], [str(theirs.pk)], None):
        members.change_permissions(membership_of(member, service), permissions=[VIEW_ACTIVITY], folders=folders, by=manager)
        told.append(AuditEvent.objects.filter(name="member.folders_set").count())
    assert told == [0, 1, 1, 2, 3]
    assert membership_of(member, service).sees_all_folders


# --- Enough managers --------------------------------------------------------------------------------------------------
ENOUGH = {
    ServiceFactory: "Your service needs at least one person with a public sector email address who can manage settings, "
    "team and usage",
    PendingServiceFactory: "Your service needs at least two people with a public sector email address who can manage "
    "settings, team and usage",
    LiveServiceFactory: "Your service needs at least two people with a public sector email address who can manage settings, "
    "team and usage",
}


@pytest.mark.parametrize("factory", ENOUGH)
def test_a_service_keeps_enough_managers(factory):
    service = factory()
    needed = 1 if factory is ServiceFactory else 2
    people = [join(service, UserFactory(), MANAGE_SERVICE) for _ in range(needed)]
    join(service, UserFactory(email="con@tractor.example"), MANAGE_SERVICE)
    join(service, UserFactory(), VIEW_ACTIVITY)
    last = membership_of(people[0], service)
    for action, words in (
        (members.remove_member, {}),
        (members.change_permissions, {"permissions": [VIEW_ACTIVITY]}),
        (
            members.change_permissions,
            {"permissions": [MANAGE_SERVICE], "expires_at": clock.now() + timedelta(days=9)},
        ),
    ):
        assert refusal(action, last, by=people[0], **words) == [ENOUGH[factory]]
    another = join(service, UserFactory(), MANAGE_SERVICE)
    members.remove_member(last, by=another)
    assert not Membership.objects.filter(pk=last.pk).exists()


def test_the_only_member_stays(service, manager):
    assert refusal(members.remove_member, membership_of(manager, service), by=manager) == [
        "Your service needs at least one team member whose access does not end"
    ]


def test_managers_without_a_public_address_may_go(live_service):
    first = join(live_service, UserFactory(), MANAGE_SERVICE)
    contractor = join(live_service, UserFactory(email="con@tractor.example"), MANAGE_SERVICE)
    members.remove_member(membership_of(contractor, live_service), by=first)
    assert guardian.permissions_of(contractor, live_service) == frozenset()


def test_removing_takes_every_grant(service, manager, member):
    members.remove_member(membership_of(member, service), by=manager)
    assert not ServiceUserPermission.objects.filter(user=member).exists()


def test_anybody_may_leave_and_members_may_not_remove_others(service, manager, member):
    with pytest.raises(PermissionRefused):
        members.remove_member(membership_of(manager, service), by=member)
    members.remove_member(membership_of(member, service), by=member)
    assert not Membership.objects.filter(user=member).exists()


# --- Signing in -------------------------------------------------------------------------------------------------------
def test_a_sign_in_method_is_chosen_where_the_service_allows_it(service, manager, member):
    membership = membership_of(member, service)
    assert refusal(members.set_sign_in_method, membership, method="email_auth", by=manager) == [
        "Your service does not let people sign in with an email link"
    ]
    Service.objects.filter(pk=service.pk).update(permissions=[*service.permissions, "email_auth"])
    members.set_sign_in_method(membership, method="email_auth", by=manager)
    assert User.objects.get(pk=member.pk).sign_in_method == "email_auth"
    assert refusal(members.set_sign_in_method, membership, method="sms_auth", by=manager) == [
        "Mel Member cannot sign in that way: they have no mobile number, or use a passkey or an app"
    ]
    assert refusal(members.set_sign_in_method, membership, method="carrier_pigeon", by=manager) == [
        "Select text message code or email link"
    ]


def test_the_same_sign_in_method_again_is_no_change(service, manager, member):
    Service.objects.filter(pk=service.pk).update(permissions=[*service.permissions, "email_auth"])
    for _ in range(2):
        members.set_sign_in_method(membership_of(member, service), method="email_auth", by=manager)
    assert User.objects.get(pk=member.pk).sign_in_method == "email_auth"
    assert AuditEvent.objects.filter(name="member.sign_in_method_set").count() == 1


def test_nobody_weakens_a_passkey_or_their_own_second_factor(service, manager, member):
    Service.objects.filter(pk=service.pk).update(permissions=[*service.permissions, "email_auth"])
    User.objects.filter(pk=member.pk).update(sign_in_method="webauthn_auth")
    assert refusal(members.set_sign_in_method, membership_of(member, service), method="email_auth", by=manager) == [
        "Mel Member cannot sign in that way: they have no mobile number, or use a passkey or an app"
    ]
    assert refusal(members.set_sign_in_method, membership_of(manager, service), method="email_auth", by=manager) == [
        "Change your own sign-in method on your account page"
    ]


def test_a_cancelled_invitation_is_of_no_use(service, manager, outsider):
    invitation = InvitationFactory(service=service, email=outsider.email)
    assert members.cancel_invitation(invitation, by=manager).status == "cancelled"
    assert refusal(members.cancel_invitation, invitation, by=manager) == ["This invitation was cancelled: ask for a new one"]
    assert members.invitation_from(members.invitation_token(invitation)).status == "cancelled"
    assert members.invitation_from("made-up") is None


def test_archived_services_invite_nobody_and_let_nobody_in(service, manager, outsider):
    invitation = InvitationFactory(service=service, email=outsider.email)
    Service.objects.filter(pk=service.pk).update(archived_at=clock.now())
    assert refusal(members.invite, service, email="a@b.gov.uk", permissions=[], by=manager) == ["This service is archived"]
    assert refusal(members.accept_invitation, invitation, by=outsider) == ["This service is archived"]


# --- Who may, and what is written ---------------------------------------------------------------------------------
def invited(cast):
    return InvitationFactory(service=cast.service, email="new@department.gov.uk", permissions=[VIEW_ACTIVITY])


def somebody(cast, **fields):
    """Somebody on the team whom it can do without."""
    assert cast.manager
    return membership_of(join(cast.service, UserFactory(**fields), VIEW_ACTIVITY), cast.service)


def signs_in_by_text(cast):
    cast.service.permissions = [*cast.service.permissions, "email_auth"]
    cast.service.save()
    return somebody(cast, mobile_number="+447700900123")


def only_manager(cast):
    return membership_of(cast.manager, cast.service)


MANAGERS = "Your service needs at least one person with a public sector email address who can manage settings, team and usage"
ALONE = "Your service needs at least one team member whose access does not end"
VERBS = [
    Verb(
        members.invite,
        lambda cast: call(cast.service, email="new@department.gov.uk", permissions=[VIEW_ACTIVITY]),
        TEAM,
        {"+ServiceInvitation": 1, "history": ["invitation.sent"]},
        refused={
            "There is no permission fly": lambda cast: call(cast.service, email="new@department.gov.uk", permissions=["fly"])
        },
    ),
    Verb(
        members.resend_invitation,
        lambda cast: call(invited(cast)),
        TEAM,
        {"ServiceInvitation.sent_at": ANY, "history": ["invitation.sent"]},
        refused={
            "This invitation was cancelled: ask for a new one": lambda cast: call(
                InvitationFactory(service=cast.service, status="cancelled")
            )
        },
    ),
    Verb(
        members.cancel_invitation,
        lambda cast: call(invited(cast)),
        TEAM,
        {"ServiceInvitation.answered_at": ANY, "ServiceInvitation.status": "cancelled", "history": ["invitation.cancelled"]},
        refused={
            "This invitation has been accepted already": lambda cast: call(
                InvitationFactory(service=cast.service, status="accepted")
            )
        },
    ),
    Verb(
        members.change_permissions,
        lambda cast: call(somebody(cast), permissions=[SEND_MESSAGES]),
        TEAM,
        {"+ServiceUserPermission": 1, "-ServiceUserPermission": 1, "history": ["member.changed"]},
        refused={MANAGERS: lambda cast: call(only_manager(cast), permissions=[])},
    ),
    Verb(
        members.set_sign_in_method,
        lambda cast: call(signs_in_by_text(cast), method="email_auth"),
        TEAM,
        {"User.sign_in_method": "email_auth", "history": ["member.sign_in_method_set"]},
        refused={
            "Your service does not let people sign in with an email link": lambda cast: call(
                somebody(cast), method="email_auth"
            )
        },
    ),
    Verb(
        members.remove_member,
        lambda cast: call(somebody(cast)),
        TEAM,
        {"-Membership": 1, "-ServiceUserPermission": 1, "history": ["member.removed"]},
        refused={ALONE: lambda cast: call(only_manager(cast))},
    ),
]
UNGUARDED = [
    # For actions that have checked who asks.
    Verb(
        members.add_member,
        lambda cast: call(cast.service, user=UserFactory(), permissions=[VIEW_ACTIVITY]),
        ("manager", "system"),
        {"+Membership": 1, "+ServiceUserPermission": 1, "history": ["member.added"]},
        left_out=ServiceCast.PEOPLE,
        refused={"There is no permission fly": lambda cast: call(cast.service, user=UserFactory(), permissions=["fly"])},
    ),
    # Refuses as ActionRefused whom it was not sent to.
    Verb(
        members.accept_invitation,
        lambda cast: call(InvitationFactory(service=cast.service, email=cast.outsider.email, permissions=[VIEW_ACTIVITY])),
        ("outsider",),
        {
            "+Membership": 1,
            "+ServiceUserPermission": 1,
            "ServiceInvitation.answered_at": ANY,
            "ServiceInvitation.status": "accepted",
            "history": ["invitation.accepted", "member.added"],
        },
        left_out=ServiceCast.PEOPLE,
        refused={
            "This invitation is for new@department.gov.uk: sign in with that address to accept it": lambda cast: call(
                invited(cast)
            )
        },
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(ServiceCast, VERBS)
test_unguarded, _, test_unguarded_refused, test_unguarded_atomic = suite_of(ServiceCast, UNGUARDED)


def test_who_may_sign_in_by_what(service):
    def answers(**fields):
        person = UserFactory(**fields)
        return [members.may_sign_in_by(service, person, method) for method in ("sms_auth", "email_auth")]

    assert answers(mobile_number="+447700900123") == [False, False]
    service.permissions = [*service.permissions, "email_auth"]
    assert answers(mobile_number="+447700900123") == [True, True]
    assert answers() == [False, True]
    assert answers(is_staff=True) == [False, False]
    assert answers(sign_in_method="webauthn_auth") == [False, False]
