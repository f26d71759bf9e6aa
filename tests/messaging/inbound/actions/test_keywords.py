"""STOP, START and HELP: what counts as one, and what is answered."""

from datetime import timedelta

import pytest

from messaging.inbound.actions.keywords import answer, keyword_in
from messaging.inbound.models import InboundNumber, ReceivedText
from messaging.notifications.models import Notification, NotificationContent, Suppression
from notify.lib import clock
from notify.lib.crypto import decrypt_json
from notify.lib.ids import uuid7
from services.models import Service
from tests.factories.inbound import ReceivedTextFactory
from tests.helpers.inbound import say


@pytest.mark.parametrize(
    ("words", "keyword"),
    [("stopall", "STOP"), ("End", "STOP"), ("UNSTOP", "START"), ("info.", "HELP"), ("", ""), ("I need help", "")],
)
def test_what_counts_as_a_keyword(words, keyword):
    assert keyword_in(words) == keyword


@pytest.mark.parametrize(
    ("words", "keyword"),
    [("STOP", "STOP"), (" stop. ", "STOP"), ("Unsubscribe", "STOP"), ("start", "START"), ("Help!", "HELP"), ("stop it", "")],
)
def test_a_keyword_is_the_whole_text(receiving, words, keyword):
    [text] = say(words)
    assert text.keyword == keyword
    assert Notification.objects.count() == (1 if keyword else 0)
    assert Suppression.objects.count() == (1 if keyword == "STOP" else 0)


def test_keywords_are_answered_once_an_hour(receiving):
    for number in range(3):
        say("HELP", reference=str(number))
    assert Notification.objects.count() == 1
    assert ReceivedText.objects.count() == 3


def test_start_after_stop_lets_messages_through_again(receiving):
    say("STOP")
    say("START")
    assert not Suppression.objects.exists()
    assert Notification.objects.count() == 2


def test_a_text_from_a_name_is_shown_and_never_answered(receiving):
    [text] = say("HELP", source="BANK")
    assert text.user_number == "BANK"
    assert not Notification.objects.exists()


def answered(receiving, **fields):
    received = ReceivedTextFactory(service=receiving, keyword="HELP", **fields)
    return answer(received, number=InboundNumber.objects.get(), to="+447700900123")


def test_an_answer_names_the_service_and_comes_from_the_number_that_was_texted(receiving):
    assert answered(receiving)
    content = decrypt_json(bytes(NotificationContent.objects.get().sealed))
    told = "This number belongs to Council tax. To stop text messages from it, text STOP to 07700900111."
    assert (content["to"], content["sender"], content["personalisation"]) == ("+447700900123", "07700900111", {"answer": told})


def test_the_same_word_is_answered_again_after_an_hour(receiving):
    hour_ago = clock.now() - timedelta(minutes=61)
    earlier = ReceivedTextFactory(service=receiving, keyword="HELP", id=uuid7(hour_ago))
    ReceivedText.objects.filter(pk=earlier.pk).update(created_at=hour_ago)
    assert answered(receiving)
    assert not answered(receiving)


def test_nothing_is_answered_where_the_service_may_not_send(receiving):
    Service.objects.filter(pk=receiving.pk).update(suspended_at=clock.now())
    assert not answered(Service.objects.get(pk=receiving.pk))
    assert not Notification.objects.exists()
