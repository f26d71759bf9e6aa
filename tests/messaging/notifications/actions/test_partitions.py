from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from messaging.notifications.actions import partitions
from messaging.notifications.models import Notification
from notify.lib import clock
from notify.lib.ids import uuid7
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import send_one
from tests.factories.services import LiveServiceFactory

pytestmark = pytest.mark.django_db


def test_days_ahead_are_made_once():
    first = partitions.ensure_partitions(today=date(2031, 3, 1), ahead=2)
    assert first == [date(2031, 3, 1), date(2031, 3, 2), date(2031, 3, 3)]
    assert partitions.ensure_partitions(today=date(2031, 3, 1), ahead=2) == []


def test_migrating_makes_today_and_a_week():
    today = clock.utc_day()
    assert {today + timedelta(days=n) for n in range(8)} <= set(partitions.partition_days())


def test_message_lands_in_its_day_and_the_day_is_dropped_whole():
    template = TemplateFactory(service=LiveServiceFactory())
    partitions.ensure_partitions(today=date(2031, 3, 30), ahead=1)
    with time_machine.travel(datetime(2031, 3, 30, 23, 59, 59, tzinfo=UTC), tick=False):
        late = send_one(template.service, template).id
    with time_machine.travel(datetime(2031, 3, 31, 0, 0, 0, tzinfo=UTC), tick=False):
        early = send_one(template.service, template).id
    assert partitions.rows_outside_partitions() == 0
    assert partitions.drop_partitions_before(date(2031, 3, 31))[-1] == date(2031, 3, 30)
    assert [Notification.objects.filter(pk=i).exists() for i in (late, early)] == [False, True]


def test_look_up_by_id_reads_one_partition():
    accepted = send_one(LiveServiceFactory())
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN SELECT * FROM notifications_notification WHERE id = %s", [accepted.id])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert plan.count("Scan") == 1


def test_no_index_mentions_a_column_that_changes():
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'notifications_notification'")
        definitions = " ".join(row[0] for row in cursor.fetchall())
    changing = ("status", "updated_at", "sent_at", "provider", "billable_units", "cost")
    assert [column for column in changing if column in definitions] == []


def test_a_day_of_ids_begins_at_midnight():
    first = partitions.first_id_of(date(2031, 3, 31))
    last_of_before = str(uuid7(datetime(2031, 3, 30, 23, 59, 59, 999000, tzinfo=UTC)))
    assert last_of_before < first <= str(uuid7(datetime(2031, 3, 31, tzinfo=UTC)))
