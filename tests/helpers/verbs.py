"""Tests of guarded actions from a table: who may, who may not, what is refused, and that half an action never stays.

A test module lists its verbs and takes the tests from `suite_of`:

    test_allowed, test_forbidden, test_refused, test_atomic = suite_of(ServiceCast, VERBS)
"""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import User
from audit.models import AuditEvent
from notify.lib.refusals import ActionRefused, PermissionRefused
from tests.helpers.snapshot import difference, snapshot

WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Call:
    """What an action is called with, besides `by`."""

    args: tuple[Any, ...]
    words: dict[str, Any]


def call(*args: Any, **words: Any) -> Call:
    return Call(args, words)


@dataclass(frozen=True)
class Verb:
    """One action with what is to be true of it. `with_` takes the cast and arranges what the action needs."""

    action: Callable[..., Any]
    with_: Callable[[Any], Call]
    # People of the cast, by name; everybody else of it is refused unless left out.
    allowed: Sequence[str]
    # Everything that it writes, as `difference` tells it.
    writes: Mapping[str, Any]
    # People whom no door lets ask.
    left_out: Sequence[str] = ()
    # The refusal in words → what the action was called with.
    refused: Mapping[str, Callable[[Any], Call]] = field(default_factory=dict)
    # Tells two rows of one action apart.
    case: str = ""

    def __str__(self) -> str:
        return f"{self.action.__name__}{self.case and '-' + self.case}"

    def run(self, call: Call, by: Any) -> Any:
        # A copy, because an action that was undone in the database has changed the objects it was given.
        given = deepcopy(call)
        return self.action(*given.args, **({"by": by} | given.words))


class Interrupted(Exception):
    """Stands for whatever goes wrong after a write."""


class Interruption:
    """Counts the writes of a connection, and fails right after one of them."""

    def __init__(self, after: int | None = None) -> None:
        self.after, self.seen = after, 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if sql.lstrip().upper().startswith(WRITES):
            self.seen += 1
            if self.seen == self.after:
                raise Interrupted
        return answer


def suite_of(cast_class: type[Any], verbs: Sequence[Verb]) -> tuple[Callable[..., None], ...]:
    """The four tests of a table of verbs: allowed, forbidden, refused, atomic."""

    def refused_people(verb: Verb) -> list[str]:
        return [who for who in cast_class.PEOPLE if who not in (*verb.allowed, *verb.left_out)]

    def answer(verb: Verb, given: Call, person: Any) -> str:
        try:
            verb.run(given, person)
        except PermissionRefused:
            return "refused"
        return "allowed"

    pairs = [(verb, who) for verb in verbs for who in verb.allowed]

    @pytest.mark.django_db
    @pytest.mark.parametrize(("verb", "who"), pairs, ids=[f"{verb}-{who}" for verb, who in pairs])
    def allowed(verb: Verb, who: str) -> None:
        cast = cast_class()
        given, person = verb.with_(cast), getattr(cast, who)
        before = snapshot()
        verb.run(given, person)
        found = difference(before, snapshot())
        assert found == _written(verb, person)
        if person is not None and found.get("history"):
            assert AuditEvent.objects.filter(**_as_actor(person)).exists()

    @pytest.mark.django_db
    @pytest.mark.parametrize("verb", [verb for verb in verbs if refused_people(verb)], ids=str)
    def forbidden(verb: Verb) -> None:
        cast, people = cast_class(), refused_people(verb)
        given, persons = verb.with_(cast), {who: getattr(cast, who) for who in people}
        before = snapshot()
        assert {who: answer(verb, given, persons[who]) for who in people} == dict.fromkeys(people, "refused")
        assert snapshot() == before

    refusals = [(verb, sentence) for verb in verbs for sentence in verb.refused]

    @pytest.mark.django_db
    @pytest.mark.parametrize(("verb", "sentence"), refusals, ids=[f"{verb}-{sentence[:40]}" for verb, sentence in refusals])
    def refused(verb: Verb, sentence: str) -> None:
        cast = cast_class()
        given, person = verb.refused[sentence](cast), getattr(cast, verb.allowed[0])
        before = snapshot()
        with pytest.raises(ActionRefused) as refusal:
            verb.run(given, person)
        assert (str(refusal.value), snapshot()) == (sentence, before)

    @pytest.mark.django_db
    @pytest.mark.parametrize("verb", verbs, ids=str)
    def atomic(verb: Verb) -> None:
        """A fault after any of its writes leaves nothing of it behind."""
        cast = cast_class()
        given, person = verb.with_(cast), getattr(cast, verb.allowed[0])
        before, whole = snapshot(), Interruption()
        with transaction.atomic(), connection.execute_wrapper(whole):
            verb.run(given, person)
            transaction.set_rollback(True)
        assert whole.seen > 0
        for number in range(1, whole.seen + 1):
            with pytest.raises(Interrupted), connection.execute_wrapper(Interruption(after=number)):
                verb.run(given, person)
            assert snapshot() == before, f"after write {number} of {whole.seen}"

    return allowed, forbidden, refused, atomic


def _written(verb: Verb, person: Any) -> dict[str, Any]:
    """What a verb writes; columns that name a person stay empty for keys and for the platform."""
    return {key: value for key, value in verb.writes.items() if isinstance(person, User) or not key.endswith("_by_id")}


def _as_actor(person: Any) -> dict[str, Any]:
    """How the audit trail names somebody."""
    kind = {"User": "user", "ApiKey": "api_key"}.get(type(person).__name__, "system")
    return {"actor_kind": kind} | ({"actor_id": person.pk} if kind == "user" else {})
