"""Texts that come in: stored once for the service whose number they were sent to, and forgotten in time."""

from datetime import timedelta

import pytest

from messaging.inbound.actions.receive import purge_old_texts, receive_texts
from messaging.inbound.models import InboundNumber, ReceivedText
from messaging.notifications.models import Notification
from messaging.providers.base import InboundText
from notify.lib import clock
from notify.lib.ids import uuid7_floor
from tests.helpers.inbound import say


@pytest.mark.parametrize("destination", ["07700900111", "447700900111", "+447700900111", " 07700900111 "])
def test_a_number_is_ours_however_the_provider_writes_it(destination, receiving):
    [text] = receive_texts([InboundText("http-sms", "07700900123", destination, "Hello")])
    assert (text.service, text.notify_number, text.user_number) == (receiving, "07700900111", "447700900123")


def test_a_short_code_is_ours_as_it_is(receiving):
    InboundNumber.objects.update(number="60006")
    [text] = receive_texts([InboundText("http-sms", "07700900123", "60006", "Hello")])
    assert (text.service, text.notify_number) == (receiving, "60006")


@pytest.mark.parametrize("fields", [{"is_active": False}, {"service": None}, {"number": "07700900112"}])
def test_a_text_to_a_number_that_nobody_has_is_dropped(fields, receiving):
    InboundNumber.objects.update(**fields)
    assert say("Hello") == []
    assert not ReceivedText.objects.exists()


def test_a_service_that_may_not_receive_gets_nothing(receiving):
    receiving.permissions = ["sms"]
    receiving.save()
    assert say("STOP") == []


def test_the_same_text_told_twice_is_stored_and_obeyed_once(receiving):
    assert len(say("STOP", reference="a")) == 1
    assert say("STOP", reference="a") == []
    assert Notification.objects.count() == 1


def test_old_texts_are_forgotten(receiving):
    [text] = say("Hello")
    old = uuid7_floor(clock.now() - timedelta(days=8))
    ReceivedText.objects.filter(pk=text.pk).update(id=old)
    say("New")
    assert purge_old_texts() == 1
    assert [t.content for t in ReceivedText.objects.all()] == ["New"]
