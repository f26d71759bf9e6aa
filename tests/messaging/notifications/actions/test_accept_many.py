"""Many messages at once: each row for itself, the good ones together."""

from uuid import UUID

import pytest

from messaging.notifications.actions.accept_many import AcceptedMany, accept_many
from messaging.notifications.actions.checks import MessageRequest
from messaging.notifications.enums import Lane
from messaging.notifications.models import Notification, SendQueue
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.rules.recipients import read_recipient
from notify.lib.api.exception_handler import api_error
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import SuppressionFactory
from tests.factories.services import LiveServiceFactory
from tests.helpers.snapshot import snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def template():
    return TemplateFactory(service=LiveServiceFactory(sms_limit_override=3))


def row(template, recipient="07700900123", **fields):
    values = {"channel": "sms", "recipient": read_recipient("sms", recipient), "personalisation": {"name": "Sam"}}
    return MessageRequest(service=template.service, template=(template, template.versions.get()), **(values | fields))


def kinds(accepted):
    """What became of each row: stored, refused with a code, or nothing."""
    return [each.code if isinstance(each, MessageRefused) else type(each) for each in accepted.outcomes]


def test_a_bad_row_refuses_nobody_but_itself(template):
    SuppressionFactory(service=template.service, channel="sms", recipient="+447700900124")
    rows = [
        row(template),
        None,
        row(template, "020 7946 0123"),
        row(template, personalisation={}),
        row(template, "07700900124"),
    ]
    accepted = accept_many(rows)
    assert kinds(accepted) == [UUID, type(None), "landline", "missing_personalisation", "suppressed"]
    assert (Notification.objects.get().pk, accepted.left_today) == (accepted.outcomes[0], 2)
    assert SendQueue.objects.get().lane == Lane.BULK


def test_more_than_is_left_today_stores_nothing(template):
    before = snapshot()
    with pytest.raises(MessageRefused) as refused:
        accept_many([row(template)] * 4)
    assert (api_error(refused.value).status_code, snapshot()) == (429, before)


def test_every_chunk_is_stored(template, monkeypatch):
    monkeypatch.setattr("messaging.notifications.actions.accept_many.CHUNK", 2)
    assert accept_many([row(template)] * 3).left_today == 0
    assert Notification.objects.count() == 3


def test_test_keys_take_their_own_lane_and_are_not_counted(template):
    assert accept_many([row(template, key_type="test")] * 4).left_today is None
    assert set(SendQueue.objects.values_list("lane", flat=True)) == {Lane.TEST}


@pytest.mark.parametrize("rows", [[], [None, None]])
def test_no_rows_are_no_messages(rows):
    assert accept_many(rows) == AcceptedMany(rows, None)
