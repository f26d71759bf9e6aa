"""Asking to join a team, and the answers."""

from unittest.mock import ANY

import pytest
from django.core import mail

from accounts import guardian
from audit.models import AuditEvent
from notify.lib import clock
from notify.lib.refusals import ActionRefused, PermissionRefused
from services.actions import joining
from services.models import JoinRequest, Membership, Service
from services.permissions import MANAGE_SERVICE, SEND_MESSAGES
from tests.factories.accounts import UserFactory
from tests.factories.message_templates import TemplateFolderFactory
from tests.factories.organisations import DomainFactory
from tests.factories.services import JoinRequestFactory, LiveServiceFactory, join
from tests.helpers.cast import TEAM, LiveServiceCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(live_service):
    DomainFactory(domain="town.gov.uk", organisation=live_service.organisation)
    return live_service


@pytest.fixture
def manager(service):
    return join(service, UserFactory(name="Mo", email="mo@town.gov.uk"), MANAGE_SERVICE)


@pytest.fixture
def colleague(service):
    return UserFactory(name="Col", email="col@town.gov.uk")


def refusal(action, *args, **kwargs):
    events = AuditEvent.objects.count()
    with pytest.raises(ActionRefused) as refused:
        action(*args, **kwargs)
    assert AuditEvent.objects.count() == events
    return [reason.message for reason in refused.value.reasons]


def ask(service, manager, colleague):
    return joining.ask_to_join(service, managers_asked=[manager.pk], reason=" I do bins ", by=colleague)


def test_the_chosen_managers_are_asked(service, manager, colleague, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        request = ask(service, manager, colleague)
    assert (request.reason, list(request.asked.all())) == ("I do bins", [manager])
    assert [each.to for each in mail.outbox] == [[manager.email], [colleague.email]]
    assert f"/join-requests/{request.pk}" in mail.outbox[0].body


def test_approving_adds_with_the_chosen_permissions(service, manager, colleague, django_capture_on_commit_callbacks):
    request = ask(service, manager, colleague)
    with django_capture_on_commit_callbacks(execute=True):
        joining.approve_join(request, permissions=[SEND_MESSAGES], by=manager)
    assert guardian.permissions_of(colleague, service) == {SEND_MESSAGES}
    assert [each.subject for each in mail.outbox] == ["You have joined Council tax"]
    assert refusal(joining.approve_join, request, permissions=[], by=manager) == [
        "This request has been answered already by Mo: approved"
    ]


def test_refusing_adds_nobody(service, manager, colleague):
    request = ask(service, manager, colleague)
    assert joining.refuse_join(request, by=manager).status == "refused"
    assert not Membership.objects.filter(user=colleague).exists()
    assert len(refusal(joining.refuse_join, request, by=manager)) == 1


def test_asking_again_replaces_the_request(service, manager, colleague):
    first = ask(service, manager, colleague)
    ask(service, manager, colleague)
    first.refresh_from_db()
    assert (first.status, JoinRequest.objects.filter(status="pending").count()) == ("cancelled", 1)


def test_only_people_of_the_organisation_may_ask_and_only_where_it_allows_it(service, manager, colleague, outsider):
    with pytest.raises(PermissionRefused):
        ask(service, manager, outsider)
    service.organisation.can_ask_to_join_a_service = False
    service.organisation.save()
    with pytest.raises(PermissionRefused):
        ask(service, manager, colleague)
    assert joining.services_to_join(colleague) == []


def test_members_and_people_who_do_not_manage_it(service, manager, colleague):
    assert refusal(joining.ask_to_join, service, managers_asked=[], reason="", by=colleague) == [
        "Select at least one person to ask"
    ]
    stranger = UserFactory()
    assert refusal(joining.ask_to_join, service, managers_asked=[manager.pk, stranger.pk], reason="", by=colleague) == [
        "Select at least one person to ask"
    ]
    assert refusal(joining.ask_to_join, service, managers_asked=[manager.pk], reason="", by=manager) == [
        "You are a member of this service already"
    ]


def test_only_managers_answer(service, manager, colleague, outsider):
    request = ask(service, manager, colleague)
    for person in (colleague, outsider):
        with pytest.raises(PermissionRefused):
            joining.approve_join(request, permissions=[MANAGE_SERVICE], by=person)
        with pytest.raises(PermissionRefused):
            joining.refuse_join(request, by=person)


def test_the_services_one_can_join(service, manager, colleague):
    LiveServiceFactory()
    assert joining.services_to_join(colleague) == [service]
    assert joining.services_to_join(manager) == []


def test_folders_come_with_the_approval(service, manager, colleague):
    folder = TemplateFolderFactory(service=service, name="Winter")
    request = ask(service, manager, colleague)
    membership = joining.approve_join(request, permissions=[SEND_MESSAGES], folders=[str(folder.pk)], by=manager)
    membership.refresh_from_db()
    assert membership.sees_all_folders is False


def test_a_request_of_somebody_who_joined_otherwise_and_of_an_archived_service(service, manager, colleague):
    request = ask(service, manager, colleague)
    join(service, colleague)
    assert refusal(joining.approve_join, request, permissions=[], by=manager) == ["Col is a member of the team already"]
    Service.objects.filter(pk=service.pk).update(archived_at=clock.now())
    assert refusal(joining.refuse_join, request, by=manager) == ["This service is archived"]


# --- Who may, and what is written ---------------------------------------------------------------------------------
def asked(cast, **fields):
    return JoinRequestFactory(service=cast.service, **fields)


def asking(cast):
    DomainFactory(domain="department.gov.uk", organisation=cast.organisation)
    return call(cast.service, managers_asked=[cast.manager.pk], reason=" Holiday cover ")


def ask_nobody(cast):
    asking(cast)
    return call(cast.service, managers_asked=[], reason="")


ANSWERED = "This request has been answered already: refused"
VERBS = [
    Verb(
        joining.approve_join,
        lambda cast: call(asked(cast), permissions=["view_activity"]),
        TEAM,
        {
            "+Membership": 1,
            "+ServiceUserPermission": 1,
            "JoinRequest.answered_at": ANY,
            "JoinRequest.answered_by_id": ANY,
            "JoinRequest.status": "approved",
            "history": ["member.added", "join_request.approved"],
        },
        refused={ANSWERED: lambda cast: call(asked(cast, status="refused"), permissions=[])},
    ),
    Verb(
        joining.refuse_join,
        lambda cast: call(asked(cast)),
        TEAM,
        {
            "JoinRequest.answered_at": ANY,
            "JoinRequest.answered_by_id": ANY,
            "JoinRequest.status": "refused",
            "history": ["join_request.refused"],
        },
        refused={ANSWERED: lambda cast: call(asked(cast, status="refused"))},
    ),
]
ASKING = [
    # Everybody of the organisation may ask; keys and the platform are no people.
    Verb(
        joining.ask_to_join,
        asking,
        ("colleague",),
        {"+JoinRequest": 1, "+JoinRequest_asked": 1, "history": ["join_request.made"]},
        left_out=LiveServiceCast.PEOPLE,
        refused={"Select at least one person to ask": ask_nobody},
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(LiveServiceCast, VERBS)
test_asking, _, test_asking_refused, test_asking_atomic = suite_of(LiveServiceCast, ASKING)


def test_only_people_of_an_organisation_that_allows_it_may_ask(live_service):
    person = UserFactory(email="ana@town.gov.uk")
    answers = [joining.may_ask_to_join(person, live_service)]
    DomainFactory(domain="town.gov.uk", organisation=live_service.organisation)
    answers.append(joining.may_ask_to_join(person, live_service))
    live_service.organisation.can_ask_to_join_a_service = False
    live_service.organisation.save()
    answers.append(joining.may_ask_to_join(person, live_service))
    assert answers == [False, True, False]
