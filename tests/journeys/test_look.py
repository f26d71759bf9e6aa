"""The look in a real browser: axe finds nothing, nothing is wider than a phone, errors lead to their fields."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from services.permissions import SERVICE_PERMISSIONS
from tests.factories.accounts import UserFactory
from tests.factories.services import join

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SERVICE_PAGES = [
    "",
    "/templates",
    "/uploads",
    "/users",
    "/users/invite",
    "/usage",
    "/service-settings",
    "/api",
    "/api/keys",
    "/history",
]

# axe leaves words in the colour of their own ground to people.
SAME_COLOUR = """Array.from(document.querySelectorAll("a, button, label, strong"))
    .filter((one) => getComputedStyle(one).color === getComputedStyle(one).backgroundColor)
    .map((one) => one.textContent)"""


@pytest.fixture(autouse=True)
def _sandbox(settings):
    settings.SANDBOX = True


def faults(page, width):
    """What axe finds, words nobody can see, and whether the page is wider than the window."""
    page.set_viewport_size({"width": width, "height": 800})
    # GOV.UK Frontend puts the back link between the banner and the main part, in neither.
    found = Axe().run(page, context={"exclude": [[".govuk-back-link"]]}).response["violations"]
    return [
        *((issue["id"], [node["html"] for node in issue["nodes"]]) for issue in found),
        *(("invisible", words) for words in page.evaluate(SAME_COLOUR)),
        *(["too wide"] if page.evaluate("document.documentElement.scrollWidth") > width else []),
    ]


@pytest.mark.parametrize(
    "path", ["/_styleguide", "/_styleguide?errors", "/", "/sign-in", "/no-such-page", "/sandbox", "/api/docs"]
)
def test_a_page_is_accessible_and_fits(page, path):
    page.goto(path)

    assert {width: faults(page, width) for width in (1280, 320)} == {1280: [], 320: []}


def test_the_pages_of_a_service_are_accessible_and_fit(page, live_server, live_service, client_for, settings):
    person = join(live_service, UserFactory(), *SERVICE_PERMISSIONS)
    session = client_for(person).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    found = {}

    for path in SERVICE_PAGES:
        answer = page.goto(f"/services/{live_service.pk}{path}")
        found[path] = (answer.status, faults(page, 1280), faults(page, 320))

    assert found == {path: (200, [], []) for path in SERVICE_PAGES}


def test_the_skip_link_comes_first_and_leads_to_the_page(page):
    page.goto("/_styleguide")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"


def test_an_error_leads_to_its_field(page):
    page.goto("/_styleguide?errors")

    page.locator(".govuk-error-summary a").nth(6).click()

    assert page.evaluate("document.activeElement.id") == "id_channel_0"


def test_the_style_guide_works_without_scripts(browser, live_server):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()

    page.goto("/_styleguide")

    assert page.get_by_role("link", name="Templates", exact=True).is_visible()
    assert page.get_by_role("button", name="Menu").count() == 0
    context.close()
