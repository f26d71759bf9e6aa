"""One message and its place in today's allowance, in one statement."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging.notifications.actions import quota
from messaging.notifications.actions.store import store
from messaging.notifications.actions.store_one import store_one
from messaging.notifications.models import Notification, NotificationContent, SendQueue, StatDelta
from tests.factories.message_templates import TemplateFactory
from tests.helpers.snapshot import snapshot
from tests.messaging.notifications.actions.test_store import message_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def template():
    return TemplateFactory()


def test_the_allowance_is_used_up_and_then_nothing_is_written(template):
    assert [store_one(message_of(template), limit=2) for _ in range(2)] == [1, 2]
    before = snapshot()
    assert store_one(message_of(template), limit=2) is None
    assert snapshot() == before
    assert quota.used_today(template.service, "sms") == 2


def test_an_allowance_of_nothing_lets_nothing_in(template):
    assert store_one(message_of(template), limit=0) is None
    assert not Notification.objects.exists()


def test_without_a_limit_nothing_is_counted(template):
    assert store_one(message_of(template), limit=None) == 0
    assert (Notification.objects.count(), quota.used_today(template.service, "sms")) == (1, 0)


def test_it_is_one_statement(template):
    message = message_of(template)
    with CaptureQueriesContext(connection) as captured:
        store_one(message, limit=5)
    assert len(captured) == 1


def columns(model, *left_out):
    return [{k: v for k, v in row.items() if k not in left_out} for row in model.objects.values()]


def test_the_short_way_writes_what_the_long_one_writes(template):
    written = []
    for write in (lambda message: store([message]), lambda message: store_one(message, limit=None)):
        message = message_of(template, client_reference="r", recipient_hash=b"1" * 16)
        write(message)
        moments = ("id", "created_at", "not_before", "give_up_at", "sealed")
        written.append([columns(model, *moments) for model in (Notification, NotificationContent, SendQueue, StatDelta)])
        for model in (Notification, NotificationContent, SendQueue, StatDelta):
            model.objects.all().delete()
    assert written[0] == written[1]
