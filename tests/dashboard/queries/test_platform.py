from datetime import timedelta

import pytest

from dashboard.queries import platform
from messaging.enums import Status
from notify.lib import clock
from tests.factories.notifications import SendQueueFactory, StatDayFactory, StatDeltaFactory

pytestmark = pytest.mark.django_db


def counted(service, status, count, *, channel="email", factory=StatDayFactory, key_type="normal", days_ago=0):
    day = clock.local_day() - timedelta(days=days_ago)
    factory(
        service_id=service.pk, day=day, template_id=service.pk, channel=channel, key_type=key_type, status=status, count=count
    )


def figures():
    return {figure.label: figure for figure in platform.health()}


def queued(minutes):
    moment = clock.now() - timedelta(minutes=minutes)
    SendQueueFactory(not_before=moment)


@pytest.mark.parametrize(("minutes", "value", "tone"), [(0.5, "30 s", "good"), (5, "5 min", "warn"), (600, "10 h", "bad")])
def test_the_wait_of_the_oldest_message_turns_from_good_to_bad(minutes, value, tone):
    queued(minutes)
    figure = figures()["wait of the oldest message in the queue"]
    assert (figure.value, figure.tone, figure.hint) == (value, tone, "1 messages are due")


def test_a_message_for_later_is_not_late():
    queued(-60)
    assert figures()["wait of the oldest message in the queue"].value == "0 s"


@pytest.mark.parametrize(("failed", "tone"), [(1, "good"), (5, "warn"), (20, "bad")])
def test_failures_of_today_are_shown_by_channel(service, failed, tone):
    counted(service, Status.DELIVERED, 100 - failed)
    counted(service, Status.PERMANENT_FAILURE, failed, factory=StatDeltaFactory)
    counted(service, Status.PERMANENT_FAILURE, 1000, key_type="test")
    counted(service, Status.PERMANENT_FAILURE, 1000, days_ago=1)
    figure = figures()["of today’s emails failed"]
    assert (figure.tone, figure.hint) == (tone, f"{failed} of 100")


def test_two_weeks_are_drawn_for_each_channel_and_for_failures(service):
    counted(service, Status.DELIVERED, 7, days_ago=1)
    counted(service, Status.TECHNICAL_FAILURE, 2, channel="sms")
    emails, texts, letters, failures = platform.charts()
    assert [len(chart.bars) for chart in (emails, texts, letters, failures)] == [14] * 4
    assert (emails.bars[-2].value, texts.bars[-1].value, failures.bars[-1].value) == (7, 2, 2)


def test_the_reports_add_up_what_is_folded_and_what_is_not(service, live_service):
    counted(service, Status.DELIVERED, 7)
    counted(service, Status.DELIVERED, 3, factory=StatDeltaFactory)
    counted(service, Status.TEMPORARY_FAILURE, 1, channel="sms", days_ago=1)
    counted(live_service, Status.CREATED, 5)
    today, yesterday = clock.local_day(), clock.local_day() - timedelta(days=1)
    assert list(platform.daily_volumes(yesterday, today))[1:] == [
        (yesterday.isoformat(), 0, 0, 0, 1, 0, 1, 0, 0, 0),
        (today.isoformat(), 15, 10, 0, 0, 0, 0, 0, 0, 0),
    ]
    assert [(row[1], *row[3:]) for row in list(platform.volumes_by_service(yesterday, today))[1:]] == [
        ("Bin collections", 10, 1, 0),
        ("Council tax", 5, 0, 0),
    ]
    rows = sorted(list(platform.sent_by_service(today, today))[1:], key=lambda row: row[2])
    assert [row[2:] for row in rows] == [("Bin collections", "email", 10, 10, 0), ("Council tax", "email", 5, 0, 0)]
