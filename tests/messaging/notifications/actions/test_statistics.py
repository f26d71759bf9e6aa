"""Folding changes into days and jobs."""

from decimal import Decimal

import pytest
from django.db import connection

from messaging.enums import Status
from messaging.notifications.actions import statistics
from messaging.notifications.actions.statistics import roll_up_deltas
from messaging.notifications.models import JobStat, StatDay, StatDelta
from notify.lib.ids import uuid7
from tests.factories.notifications import StatDayFactory, StatDeltaFactory

pytestmark = pytest.mark.django_db


def changes(count=1, **fields):
    values = {"service_id": uuid7(), "template_id": uuid7()} | fields
    return [StatDeltaFactory(**values) for _ in range(count)]


def test_changes_of_one_kind_become_one_row_of_their_day():
    changes(3, units=2, cost=Decimal("0.048"))
    assert roll_up_deltas() == 3
    day = StatDay.objects.get()
    assert (day.count, day.units, day.cost) == (3, 6, Decimal("0.14400"))
    assert not StatDelta.objects.exists()
    assert roll_up_deltas() == 0


def test_changes_are_added_to_what_the_day_has_and_may_take_away():
    known = StatDayFactory(count=5)
    same = {"service_id": known.service_id, "template_id": known.template_id}
    StatDeltaFactory(**same, count=1)
    StatDeltaFactory(**same, count=-2)
    roll_up_deltas()
    assert StatDay.objects.get().count == 5 + 1 - 2


def test_changes_of_a_spreadsheet_are_counted_for_it_too():
    job = uuid7()
    changes(2, job_id=job)
    changes(1, job_id=job, status=Status.PERMANENT_FAILURE)
    changes(1)
    roll_up_deltas()
    assert dict(JobStat.objects.filter(job_id=job).values_list("status", "count")) == {
        Status.DELIVERED: 2,
        Status.PERMANENT_FAILURE: 1,
    }
    assert JobStat.objects.count() == 2


def test_more_than_one_batch_is_folded_to_the_end(monkeypatch):
    monkeypatch.setattr(statistics, "BATCH", 2)
    changes(5)
    assert roll_up_deltas() == 5
    assert StatDay.objects.get().count == 5


def test_a_second_worker_leaves_it_to_the_first():
    changes()
    first = connection.copy()
    try:
        with first.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [statistics._LOCK])
        assert roll_up_deltas() == 0
    finally:
        first.close()
    assert StatDelta.objects.count() == 1
