"""Name, contact details, billing, four eyes."""

import pytest

from tests.helpers.pages import text_of, url


@pytest.mark.parametrize(
    ("name", "data", "field", "value"),
    [
        ("service-name", {"name": "Waste"}, "name", "Waste"),
        ("contact-link", {"value": "a@b.gov.uk", "in_emails": "on"}, "contact_link", "a@b.gov.uk"),
        ("templates-need-approval", {"on": "yes"}, "templates_need_approval", True),
        ("billing", {"billing_reference": "B1"}, "billing_reference", "B1"),
    ],
)
def test_settings_are_saved(name, data, field, value, service, browser):
    answer = browser.post(url(name, service), data)
    service.refresh_from_db()
    assert (answer.status_code, getattr(service, field)) == (302, value)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("service-name", {"name": "Bin collections"}, ""),
        ("service-name", {"name": ""}, "There is a problem"),
        ("contact-link", {"value": "nonsense"}, "There is a problem"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_saved(name, data, words, service, browser):
    page = browser.post(url(name, service), data)
    service.refresh_from_db()
    assert words in text_of(page)
    assert (service.name, service.contact_link) == ("Bin collections", "")


def test_the_form_shows_what_is_set(service, browser):
    service.contact_link = "https://example.gov.uk"
    service.save()
    assert 'value="https://example.gov.uk"' in browser.get(url("contact-link", service)).content.decode()
