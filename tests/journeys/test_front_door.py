"""The first page, in a real browser: it has a style sheet, no errors, and works at the width of a phone."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 375, 320])
def test_the_first_page_has_our_look_and_fits(page, width):
    troubles = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("requestfailed", lambda request: troubles.append(request.url))
    page.set_viewport_size({"width": width, "height": 800})

    answer = page.goto("/")

    assert answer.status == 200
    assert troubles == []
    assert "arial" in page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily").lower()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
