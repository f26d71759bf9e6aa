"""Writing messages: everything of them in one statement, and each once."""

from datetime import timedelta

import pytest

from messaging.enums import Status
from messaging.notifications.actions.store import GIVE_UP_AFTER, GIVE_UP_AFTER_DEFAULT, NewMessage, store
from messaging.notifications.enums import Lane
from messaging.notifications.models import Notification, NotificationContent, SendQueue, StatDelta
from notify.lib import clock
from notify.lib.crypto import decrypt_json
from notify.lib.ids import uuid7
from tests.factories.message_templates import TemplateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def template():
    return TemplateFactory()


def message_of(template, **fields):
    values = {"template_version": 1, "channel": "sms", "created_at": clock.now(), "content": {"to": "07700900123"}}
    return NewMessage(**({"id": uuid7(), "service_id": template.service_id, "template_id": template.pk} | values | fields))


def test_a_message_is_stored_sealed_queued_and_counted(template):
    message = message_of(template, client_reference="r", lane=Lane.URGENT)
    assert store([message]) == {message.id}
    row = Notification.objects.get()
    assert (row.pk, row.client_reference, row.created_at, row.state) == (message.id, "r", message.created_at, Status.CREATED)
    assert decrypt_json(bytes(NotificationContent.objects.get().sealed)) == message.content
    queued = SendQueue.objects.get()
    assert (queued.lane, queued.not_before) == (Lane.URGENT, message.created_at)
    assert queued.give_up_at == message.created_at + GIVE_UP_AFTER[Lane.URGENT]
    assert [(each.status, each.count) for each in StatDelta.objects.all()] == [(Status.CREATED, 1)]


def test_a_message_that_is_stored_twice_is_one_message(template):
    first, second = message_of(template), message_of(template)
    store([first])
    assert store([first, second]) == {second.id}
    assert Notification.objects.count() == SendQueue.objects.count() == NotificationContent.objects.count() == 2
    assert sum(each.count for each in StatDelta.objects.all()) == 2


def test_a_message_for_later_waits_and_is_given_up_later(template):
    later = clock.now() + timedelta(hours=3)
    store([message_of(template, scheduled_for=later)])
    queued = SendQueue.objects.get()
    assert (queued.not_before, queued.give_up_at) == (later, later + GIVE_UP_AFTER_DEFAULT)


@pytest.mark.parametrize("fields", [{"queued": False}, {"status": Status.VALIDATION_FAILED, "detail": "Wrong"}])
def test_what_waits_for_something_else_or_failed_is_not_queued(fields, template):
    store([message_of(template, **fields)])
    assert Notification.objects.get().status_detail == fields.get("detail", "")
    assert not SendQueue.objects.exists()


def test_nothing_is_nothing():
    assert store([]) == set()
