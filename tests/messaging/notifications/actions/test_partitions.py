from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from dashboard.queries import platform
from messaging.notifications.actions import partitions
from messaging.notifications.models import DeliveryAttempt, Notification, NotificationContent
from notify.doctor import look_over
from notify.lib import clock
from notify.lib.ids import uuid7
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import DeliveryAttemptFactory, send_one
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


def strand(moment, **fields):
    """A message of a day that has no table yet."""
    template = TemplateFactory(service=LiveServiceFactory())
    with time_machine.travel(moment, tick=False):
        accepted = send_one(template.service, template)
        DeliveryAttemptFactory(notification_id=accepted.id, id=uuid7())
    return accepted.id


def test_rows_in_the_default_partition_move_into_their_day():
    ids = [strand(datetime(2031, 5, day, 12, tzinfo=UTC)) for day in (1, 1, 3)]
    assert partitions.rows_outside_partitions() == 9
    days = [date(2031, 5, day) for day in (1, 3, 4)]
    assert partitions.ensure_partitions(today=date(2031, 5, 3), ahead=1) == days
    assert partitions.rows_outside_partitions() == 0
    assert set(Notification.objects.filter(pk__in=ids).values_list("pk", flat=True)) == set(ids)
    assert NotificationContent.objects.filter(pk__in=ids).count() == 3
    assert DeliveryAttempt.objects.filter(notification_id__in=ids).count() == 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM notifications_notification_p20310501")
        assert cursor.fetchone() == (2,)
        cursor.execute(
            "SELECT tablename, count(*) FROM pg_indexes WHERE tablename LIKE 'notifications_%%_p2031050_' GROUP BY 1"
        )
        indexes = dict(cursor.fetchall())
    for table in partitions.PARTITIONED:
        assert indexes[f"{table}_p20310501"] == indexes[f"{table}_p20310504"]
    assert partitions.drop_partitions_before(date(2031, 5, 2))[-1] == date(2031, 5, 1)
    assert set(Notification.objects.filter(pk__in=ids).values_list("pk", flat=True)) == {ids[2]}


def test_a_day_that_cannot_be_made_holds_up_no_other(caplog):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE notifications_notification_p20310601 (id int)")
    strand(datetime(2031, 6, 1, 12, tzinfo=UTC))
    assert partitions.ensure_partitions(today=date(2031, 6, 1), ahead=2) == [date(2031, 6, 2), date(2031, 6, 3)]
    assert partitions.rows_outside_partitions() == 3
    assert "partitions.day_not_made day=2031-06-01" in [record.getMessage() for record in caplog.records]


def test_rows_outside_their_tables_are_an_alarm():
    def told():
        figures = {each.label: (each.value, each.tone) for each in platform.health()}
        found = [each.level for each in look_over(deep=False) if "outside the tables" in each.message]
        return figures["rows outside the tables of their days"], found

    assert told() == (("0", "good"), [])
    strand(datetime(2031, 7, 1, 12, tzinfo=UTC))
    assert told() == (("3", "bad"), ["problem"])


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
