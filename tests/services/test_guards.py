"""The guards of the lifecycle: a transition that is called bare, past its action, refuses what the action refuses."""

import pytest
from django.utils import timezone
from django_fsm import TransitionNotAllowed, can_proceed

from notify.lib.refusals import ActionRefused, Reason
from services.actions import lifecycle
from services.guards import GoLiveBlocked, checklist_complete, has_organisation, not_archived, not_suspended, unmet
from services.models import Service
from services.slots import checklist
from tests.factories.services import LiveServiceFactory, PendingServiceFactory, ServiceFactory, make_ready

pytestmark = pytest.mark.django_db

STATES = {"trial": ServiceFactory, "pending": PendingServiceFactory, "live": LiveServiceFactory}
# verb → the state it starts from, what it takes, its guards
VERBS = {
    "request_to_go_live": ("trial", {"by": None}, [not_archived, not_suspended, checklist_complete]),
    "approve_go_live": ("pending", {}, [not_archived, not_suspended, has_organisation, checklist_complete]),
    "reject_go_live": ("pending", {"reason": "No"}, [not_archived]),
    "withdraw_request": ("pending", {}, [not_archived]),
    "return_to_trial": ("live", {}, [not_archived]),
}
BREAK = {
    not_archived: lambda service: setattr(service, "archived_at", timezone.now()),
    not_suspended: lambda service: setattr(service, "suspended_at", timezone.now()),
    has_organisation: lambda service: setattr(service, "organisation", None),
    checklist_complete: lambda service: setattr(service, "confirmed_unique", False),
}
UNMET = [(verb, guard) for verb, (_, _, guards) in VERBS.items() for guard in guards]


def conditions_of(verb):
    start = VERBS[verb][0]
    return getattr(Service, verb)._django_fsm.get_transition(start).conditions


def test_every_transition_carries_its_guards():
    moves = {move.name for move in Service().get_all_state_transitions()}
    assert moves == set(VERBS)
    assert {verb: conditions_of(verb) for verb in VERBS} == {verb: guards for verb, (_, _, guards) in VERBS.items()}


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_proceeds_where_nothing_stands_in_its_way(verb):
    start, words, _ = VERBS[verb]
    service = make_ready(STATES[start]())
    move = getattr(service, verb)
    assert can_proceed(move)
    assert unmet(move) is None
    move(**words)
    assert service.state != start


@pytest.mark.parametrize(("verb", "guard"), UNMET, ids=[f"{verb}-{guard.name}" for verb, guard in UNMET])
def test_a_verb_called_bare_refuses_an_unmet_guard(verb, guard):
    start, words, _ = VERBS[verb]
    service = make_ready(STATES[start]())
    BREAK[guard](service)
    move = getattr(service, verb)
    assert unmet(move) is guard
    assert not can_proceed(move)
    before = dict(service.__dict__)
    with pytest.raises(TransitionNotAllowed):
        move(**words)
    assert service.__dict__ == before


@pytest.mark.parametrize(
    ("verb", "state"), [(verb, state) for verb, (start, _, _) in VERBS.items() for state in STATES if state != start]
)
def test_a_verb_called_bare_refuses_every_other_state(verb, state):
    service = make_ready(STATES[state]())
    move = getattr(service, verb)
    assert not can_proceed(move)
    assert unmet(move) is None
    with pytest.raises(TransitionNotAllowed):
        move(**VERBS[verb][1])
    assert service.state == state


def test_a_guard_gives_its_reasons():
    service = Service()
    for guard in (not_archived, not_suspended):
        assert guard(service)
    BREAK[not_archived](service)
    BREAK[not_suspended](service)
    for guard, sentence in (
        (not_archived, "This service is archived"),
        (not_suspended, "This service is suspended"),
        (has_organisation, "Link the service to an organisation before you approve its request"),
    ):
        assert not guard(service)
        assert guard.refusal(service).reasons == [Reason("refused", sentence)]


def test_a_guard_is_shown_by_its_name():
    assert str(not_archived) == "<Guard not_archived>"


def test_the_checklists_guard_refuses_with_the_items_of_the_page(service):
    refusal = checklist_complete.refusal(service)
    assert isinstance(refusal, GoLiveBlocked)
    assert refusal.blockers == checklist.blockers(service) != []
    assert refusal.reasons == checklist_complete.reasons(service)


ANSWERS = {
    "withdraw": (lifecycle.withdraw_go_live, "pending", {}),
    "reject": (lifecycle.reject_go_live, "pending", {"reason": "No"}),
    "return": (lifecycle.return_to_trial, "live", {"reason": "Why"}),
}


@pytest.mark.parametrize("verb", ANSWERS)
def test_an_action_says_what_the_guard_of_its_transition_refuses(verb, staff):
    action, state, words = ANSWERS[verb]
    service = make_ready(STATES[state](archived_at=timezone.now()))
    with pytest.raises(ActionRefused) as refusal:
        action(service, by=staff, **words)
    assert [str(reason) for reason in refusal.value.reasons] == ["This service is archived"]
    service.refresh_from_db()
    assert service.state == state
