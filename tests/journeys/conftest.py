"""A real browser for the journeys; without one they are skipped, except under CI, where that is a failure."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Error, Page, sync_playwright

# Django does not let database queries run in a thread with an event loop, and Playwright's synchronous API keeps one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

NAMES = ["chromium", "chromium-browser", "google-chrome"]
HOW = "no browser for the journeys: apt-get install chromium libatomic1 (or set NOTIFY_BROWSER to one)"
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys take turns in one process, so that one browser serves them all."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(autouse=True)
def _no_worker_is_woken() -> None:
    """In a journey workers are woken, and tasks run at once."""


def _give_up(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium of this machine."""
    path = os.environ.get("NOTIFY_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        _give_up(HOW)
    try:
        with sync_playwright() as playwright:
            opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            yield opened
            opened.close()
    except Error as error:
        _give_up(f"the browser does not start (is libatomic1 installed?): {error.message.splitlines()[0]}")


@pytest.fixture
def page(browser: Browser, live_server, monkeypatch) -> Iterator[Page]:
    """A page of 1280 pixels in a browser without a past; addresses are relative to the live server."""
    monkeypatch.setattr(settings, "BASE_URL", live_server.url)
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 1280, "height": 900}, locale="en-GB", reduced_motion="reduce"
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
