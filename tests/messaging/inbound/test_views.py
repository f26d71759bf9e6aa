import re

import pytest

from messaging.inbound.actions.receive import purge_old_texts, receive_texts
from messaging.inbound.models import ReceivedText
from messaging.notifications.models import Notification, Suppression
from messaging.notifications.reply_links import sign_number
from messaging.providers.base import InboundText
from notify.lib.ids import uuid7_floor
from services.enums import ServicePermission
from tests.factories.inbound import InboundNumberFactory
from tests.factories.services import LiveServiceFactory, SmsSenderFactory
from tests.helpers.api import make_template


@pytest.fixture
def receiving(live_service, client_for):
    """A live service with a number of its own."""
    live_service.permissions = [*live_service.permissions, ServicePermission.INBOUND_SMS]
    live_service.save()
    number = InboundNumberFactory(number="07700900111", provider="http-sms", service=live_service)
    number.sms_sender = SmsSenderFactory(service=live_service, name=number.number, is_inbound_number=True)
    number.save()
    return live_service


@pytest.fixture
def browser(receiving, client_for, staff):
    return client_for(staff)


def say(words, source="447700900123", **fields):
    return receive_texts([InboundText("http-sms", source, "447700900111", words, **fields)])


def test_the_inbox_shows_the_last_text_of_each_person(receiving, browser):
    for words, source in (("First", "447700900123"), ("Other", "447700900124"), ("<b>Last</b>", "447700900123")):
        say(words, source)
    page = browser.get(f"/services/{receiving.pk}/inbox")
    assert [t.content for t in page.context["texts"]] == ["<b>Last</b>", "Other"]
    assert "&lt;b&gt;Last" in page.content.decode()
    assert "07700900123" in page.content.decode()
    assert browser.get(f"/services/{receiving.pk}/inbox/rows").status_code == 200
    assert browser.get(f"/services/{receiving.pk}/inbox?before=junk").status_code == 404


def test_an_empty_inbox_tells_the_number(receiving, browser):
    assert "When people text 07700900111" in browser.get(f"/services/{receiving.pk}/inbox").content.decode()


def test_without_the_permission_there_is_no_inbox(live_service, client_for, staff, outsider):
    assert client_for(staff).get(f"/services/{live_service.pk}/inbox").status_code == 403
    assert client_for(outsider).get(f"/services/{live_service.pk}/inbox").status_code == 404


def test_the_file_has_every_text_without_formulas(receiving, browser):
    say("=HYPERLINK(1)", reference="1")
    lines = b"".join(browser.get(f"/services/{receiving.pk}/inbox.csv").streaming_content).decode().splitlines()
    assert lines[0] == "\ufeffPhone number,Message,Received"
    assert lines[1].startswith("447700900123,HYPERLINK(1),")


def test_a_conversation_has_both_sides_in_order(receiving, browser):
    [text] = say("HELP")
    page = browser.get(f"/services/{receiving.pk}/conversation/{text.pk}")
    lines = page.context["lines"]
    assert sorted(line.is_ours for line in lines) == [False, True]
    sent = Notification.objects.get()
    by_sent = browser.get(f"/services/{receiving.pk}/conversation/{sent.pk}")
    assert [line.id for line in by_sent.context["lines"]] == [line.id for line in lines]
    assert browser.get(f"/services/{receiving.pk}/conversation/{text.pk}/lines").status_code == 200


def test_another_services_conversation_is_not_found(receiving, service, browser):
    [text] = say("Hello")
    assert browser.get(f"/services/{service.pk}/conversation/{text.pk}").status_code == 404
    assert browser.get(f"/services/{service.pk}/conversation/{text.pk}/reply-with").status_code == 404


def test_replying_starts_the_one_off_flow_with_the_number_filled_in(receiving, browser):
    template = make_template(receiving, "sms")
    [text] = say("Hello")
    page = browser.get(f"/services/{receiving.pk}/conversation/{text.pk}/reply-with").content.decode()
    one_off = f"/services/{receiving.pk}/send/{template.pk}/one-off?reply="
    [signed] = re.findall(re.escape(one_off) + r"([^\"]+)", page)
    assert browser.get(one_off + signed).context["form"].initial == {"recipient": "+447700900123"}


def test_a_reply_link_carries_no_number_but_its_own_services(receiving, browser):
    template = make_template(receiving, "sms")
    one_off = f"/services/{receiving.pk}/send/{template.pk}/one-off?reply="
    for wrong in ("junk", "+447700900123", sign_number(LiveServiceFactory(), "+447700900123")):
        assert browser.get(one_off + wrong).context["form"].initial == {"recipient": ""}


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


def test_the_same_text_told_twice_is_stored_and_obeyed_once(receiving):
    assert len(say("STOP", reference="a")) == 1
    assert say("STOP", reference="a") == []
    assert Notification.objects.count() == 1


def test_a_text_from_a_name_is_shown_and_never_answered(receiving):
    [text] = say("HELP", source="BANK")
    assert text.user_number == "BANK"
    assert not Notification.objects.exists()


def test_old_texts_are_forgotten(receiving):
    [text] = say("Hello")
    from datetime import timedelta

    from notify.lib import clock

    old = uuid7_floor(clock.now() - timedelta(days=8))
    ReceivedText.objects.filter(pk=text.pk).update(id=old)
    say("New")
    assert purge_old_texts() == 1
    assert [t.content for t in ReceivedText.objects.all()] == ["New"]
