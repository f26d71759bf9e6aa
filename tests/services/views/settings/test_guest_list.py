"""The guest list."""

from services.models import GuestListEntry
from tests.factories.accounts import UserFactory
from tests.factories.services import GuestListEntryFactory, join
from tests.helpers.pages import text_of, url


def test_the_guest_list_keeps_what_was_typed_when_it_is_wrong(service, browser):
    page = browser.post(url("guest-list", service), {"email_1": "nobody", "phone_1": "07700900123"})
    assert "Enter an email address in the correct format" in text_of(page)
    assert 'value="07700900123"' in page.content.decode()


def test_the_list_is_shown_and_replaced(service, browser):
    GuestListEntryFactory(service=service, recipient="old@example.com")
    page = url("guest-list", service)
    assert 'value="old@example.com"' in browser.get(page).content.decode()
    answer = browser.post(page, {"email_1": "new@example.com", "phone_1": "07700900123"})
    assert answer.headers["Location"] == url("api", service)
    found = GuestListEntry.objects.filter(service=service).values_list("kind", "recipient")
    assert sorted(found) == [("email", "new@example.com"), ("phone", "07700900123")]


def test_the_list_belongs_to_the_api_integration(service, client_for):
    assert client_for(join(service, UserFactory(), "manage_api_keys")).get(url("guest-list", service)).status_code == 200
    assert client_for(join(service, UserFactory(), "manage_service")).get(url("guest-list", service)).status_code == 403
