import uuid

import pytest
from django.db import DatabaseError, transaction

from audit import events, queries
from audit.models import AuditEvent
from audit.record import SYSTEM, record
from audit.sentences import describe
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _names(monkeypatch):
    monkeypatch.setitem(events.SENTENCES, "thing.changed", "{actor} changed {subject} from {before} to {after}")


@pytest.fixture
def person():
    return UserFactory(name="Mo", email="mo@x.gov.uk")


def test_an_event_reads_as_a_sentence(person):
    event = record("thing.changed", actor=person, subject=person, data={"before": "a", "after": "b"})
    assert describe(event) == "Mo (mo@x.gov.uk) changed Mo from a to b"


def test_a_sentence_with_a_gap_and_an_event_without_a_sentence_still_read(person):
    gap = record("thing.changed", actor=SYSTEM, subject=person, data={"after": "{actor}"})
    assert describe(gap) == "Notify changed Mo from … to {actor}"
    forgotten = AuditEvent(name="thing.forgotten", actor_label="Mo", subject_label="it", data={})
    assert describe(forgotten) == "Mo did ‘thing.forgotten’ to it"


def test_unknown_names_and_names_declared_twice_are_refused(person):
    with pytest.raises(ValueError, match="Unknown audit name"):
        record("thing.unknown", actor=person, subject=person)
    with pytest.raises(ValueError, match="declared twice"):
        events.declare({"thing.changed": "again"})


def test_secrets_are_masked(person):
    event = record("thing.changed", actor=person, subject=person, data={"new_password": "x", "bearer_token": "y", "name": "z"})
    assert event.data == {"new_password": "••••", "bearer_token": "••••", "name": "z"}


def test_the_database_refuses_changes_and_deletions(person):
    event = record("thing.changed", actor=person, subject=person)
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).update(name="thing.other")
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).delete()


def test_pages_go_back_from_the_latest_by_key(person):
    made = [record("thing.changed", actor=person, subject=person).pk for _ in range(queries.PAGE + 3)]
    first, older = queries.page(queries.by_person(person.pk))
    second, end = queries.page(queries.of_person(person.pk), before=older)
    assert [event.pk for event in first + second] == made[::-1]
    assert end is None
    assert queries.page(queries.of_service(uuid.uuid4())) == ([], None)
    assert queries.page(queries.of_organisation(uuid.uuid4())) == ([], None)
