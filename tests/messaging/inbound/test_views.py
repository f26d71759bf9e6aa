import re

import pytest

from messaging.notifications.links.replies import sign_number
from messaging.notifications.models import Notification
from tests.factories.services import LiveServiceFactory
from tests.helpers.api import make_template
from tests.helpers.inbound import say


@pytest.fixture
def browser(receiving, client_for, staff):
    return client_for(staff)


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
