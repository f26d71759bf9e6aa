"""People at the door, in a real browser: registering, a passkey, and signing in with it."""

import os
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import Page

from messaging.notifications.rules.recipients import recipient_hash
from messaging.sandbox.models import SandboxMessage
from tests.factories.accounts import PASSWORD, SignInUserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Where to keep pictures of the pages, for those who want to look at them.
PICTURES = os.environ.get("NOTIFY_PICTURES", "")


@pytest.fixture(autouse=True)
def _sandbox(settings, live_server):
    settings.EMAIL_BACKEND = "messaging.sandbox.email_backend.SandboxEmailBackend"
    settings.BASE_URL = live_server.url
    cache.clear()


def look(page: Page, name: str) -> None:
    """Nothing sticks out at either width; keeps a picture if asked to."""
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width}"
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def latest(to: str) -> str:
    return SandboxMessage.objects.filter(to_hash=recipient_hash(to)).latest("pk").text


def link_in(text: str) -> str:
    return next(word for word in text.split() if word.startswith("http"))


def go_on(page: Page) -> None:
    page.click("main form button[type=submit] >> nth=0")
    page.wait_for_load_state()


def test_registering_and_looking_after_the_account(page: Page):
    page.goto("/register")
    look(page, "register")
    go_on(page)
    assert page.title().startswith("Error:")
    look(page, "register-errors")
    page.fill("[name=name]", "Ana Lyst")
    page.fill("[name=email]", "ana@department.gov.uk")
    page.fill("[name=mobile_number]", "07700 900 123")
    page.fill("[name=password1]", PASSWORD)
    go_on(page)
    look(page, "registration-continue")
    page.goto(link_in(latest("ana@department.gov.uk")))
    look(page, "verify-email")
    go_on(page)
    assert page.url.endswith("/two-factor")
    look(page, "two-factor")
    page.fill("[name=code]", latest("+447700900123")[:5])
    go_on(page)
    for path in ("", "/name", "/password", "/sessions", "/history", "/two-factor"):
        page.goto("/your-account" + path)
        look(page, "account" + path.replace("/", "-"))
    page.goto("/your-account/email")
    look(page, "confirm-it-is-you")
    page.fill("[name=password]", PASSWORD)
    go_on(page)
    for path in ("/email", "/mobile-number", "/sign-in-method", "/mobile-number/delete", "/two-factor/app"):
        page.goto("/your-account" + path)
        look(page, "account" + path.replace("/", "-"))


def test_a_passkey_is_added_and_signs_in(page: Page):
    person = SignInUserFactory(email="ana@department.gov.uk")
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/sign-in")
    look(page, "sign-in")
    page.fill("[name=login]", person.email)
    page.fill("[name=password]", PASSWORD)
    go_on(page)
    look(page, "two-factor-email")
    page.goto(link_in(latest(person.email)))
    look(page, "two-factor-link")
    go_on(page)
    page.goto("/your-account/two-factor/passkeys/add")
    page.fill("[name=password]", PASSWORD)
    go_on(page)
    look(page, "passkey-add")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes")
    look(page, "recovery-codes")
    page.goto("/your-account/two-factor/passkeys")
    look(page, "passkeys")
    page.context.clear_cookies()
    page.goto("/sign-in")
    page.fill("[name=login]", person.email)
    page.fill("[name=password]", PASSWORD)
    go_on(page)
    assert page.url.endswith("/two-factor/app")
    look(page, "two-factor-passkey")
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url("**/your-services")
    person.refresh_from_db()
    assert person.sign_in_method == "webauthn_auth"


def test_pages_for_when_something_does_not_work(page: Page):
    for name, path in {
        "forgot-password": "/forgot-password",
        "forgot-password-sent": "/forgot-password/sent",
        "new-password-refused": "/new-password/zzz/abc-def",
        "link-refused": "/two-factor/link/x",
        "email-link-refused": "/your-account/email/confirm/x",
        "verify-refused": "/verify-email/x",
        "first-refused": "/first-administrator/x",
        "inactive": "/account-inactive",
    }.items():
        page.goto(path)
        assert page.locator("h1").count() == 1
        look(page, name)
