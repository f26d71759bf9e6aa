import pytest
from django.core.exceptions import RequestDataTooBig
from django.template.loader import render_to_string
from django.test import Client

from notify.views import errors

EVIL = "<script>alert(1)</script>"
SAFE = "&lt;script&gt;alert(1)&lt;/script&gt;"


@pytest.mark.parametrize(
    ("name", "context"),
    [
        ("back_link", {"href": "/", "text": EVIL}),
        ("bar", {"percent": 5, "label": EVIL}),
        ("big_number", {"number": 5, "label": EVIL, "detail": EVIL, "href": "/"}),
        ("button", {"text": EVIL}),
        ("flash", {"messages": [EVIL]}),
        ("inset", {"text": EVIL}),
        ("link_button", {"text": EVIL, "href": "/"}),
        ("message_preview", {"channel": "sms", "preview": EVIL, "sender": EVIL}),
        ("message_preview", {"channel": "email", "preview": EVIL, "subject": EVIL, "recipient": EVIL}),
        ("progress", {"percent": 5, "text": EVIL}),
        ("refusal", {"refusal": {"reasons": [EVIL]}}),
        ("summary_list", {"rows": [{"key": EVIL, "value": EVIL, "href": "/", "action": EVIL}]}),
        ("tag", {"text": EVIL}),
        ("task_list", {"items": [{"label": EVIL, "hint": EVIL, "status": EVIL}]}),
        ("warning", {"text": EVIL}),
    ],
)
def test_a_component_escapes_what_it_is_given(name, context):
    html = render_to_string(f"components/{name}.html", context)

    assert EVIL not in html
    assert SAFE in html


def test_without_neighbours_there_is_no_pagination():
    assert render_to_string("components/pagination.html", {}).strip() == ""


def test_pagination_links_to_the_pages_there_are():
    html = render_to_string("components/pagination.html", {"next_href": "?older_than=7"})

    assert 'href="?older_than=7" rel="next"' in html
    assert "Previous" not in html


def test_a_row_without_an_address_has_nothing_to_change():
    html = render_to_string("components/summary_list.html", {"rows": [{"key": "Name", "value": "Bins"}]})

    assert "govuk-summary-list__row--no-actions" in html
    assert "<a" not in html


@pytest.mark.parametrize("template", ["400.html", "403.html", "403_csrf.html", "404.html", "413.html", "429.html"])
def test_an_error_page_has_one_heading_and_a_title(template, rf):
    html = render_to_string(template, {"PLATFORM_NAME": "Post Office of Rutland"}, request=rf.get("/"))

    assert html.count("<h1") == 1
    assert "Post Office of Rutland</title>" in html or "Notify</title>" in html


def test_the_page_for_our_own_faults_needs_nothing():
    assert "Sorry, there is a problem" in render_to_string("500.html")


def test_too_much_data_is_answered_with_413(rf):
    answer = errors.bad_request(rf.post("/"), RequestDataTooBig())

    assert answer.status_code == 413
    assert b"What you sent is too large" in answer.content


def test_a_form_of_another_session_is_refused_in_our_words(db):
    answer = Client(enforce_csrf_checks=True).post("/sign-in", {"login": "a@b.gov.uk"})

    assert answer.status_code == 403
    assert b"This page was open for too long" in answer.content


def test_the_style_guide_is_only_for_development_and_the_sandbox(client, db, settings):
    settings.DEBUG = settings.SANDBOX = False
    assert client.get("/_styleguide").status_code == 404

    settings.SANDBOX = True
    assert client.get("/_styleguide").status_code == 200


def test_a_refused_form_says_error_first_in_its_title(client, db, settings):
    settings.SANDBOX = True

    assert b"<title>Error: Style guide" in client.get("/_styleguide?errors").content
