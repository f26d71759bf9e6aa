"""The pages of API keys: a key is shown once."""

import pytest

from services.models import ApiKey
from tests.factories.services import ApiKeyFactory
from tests.helpers.pages import text_of, url


def test_a_key_is_shown_once(service, browser):
    page = browser.post(url("key-create", service), {"name": "Case system", "key_type": "test"})
    key = ApiKey.objects.get()
    assert f"case_system-{service.pk}-{key.secret}" in text_of(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert key.secret not in browser.get(url("key-list", service)).content.decode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"name": "Live", "key_type": "normal"}, "Your service is in trial mode, so you cannot create a live key"),
        ({"name": "Odd", "key_type": "golden"}, "golden"),
        ({"name": "Odd", "key_type": "test", "scopes": ["everything"]}, "everything"),
        ({"name": "", "key_type": "test"}, "Enter a name for this key"),
    ],
)
def test_crafted_keys_leave_nothing_behind(data, sentence, service, browser):
    page = browser.post(url("key-create", service), data)
    assert (page.status_code, sentence in text_of(page), ApiKey.objects.count()) == (200, True, 0)


def test_keys_are_replaced_and_revoked(service, browser):
    old = ApiKeyFactory(service=service, name="Case system")
    page = browser.post(url("key-rotate", service, key_id=old.pk), {"overlap": "1"})
    assert "Copy your key" in text_of(page)
    assert "works until" in text_of(browser.get(url("key-list", service)))
    new = ApiKey.objects.exclude(pk=old.pk).get()
    browser.post(url("key-revoke", service, key_id=new.pk))
    new.refresh_from_db()
    assert new.revoked_at is not None
