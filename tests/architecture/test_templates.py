"""How templates are written: short lines, components for what appears twice, no address by hand.

The files that emails are sent from as text (`templates/emails/**/*.txt`) are not judged: in them every line break is sent.
"""

import re
from pathlib import Path

import pytest

from tests.helpers.house import PACKAGES

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
PATHS = sorted(TEMPLATES.rglob("*.html"))

LONGEST = 120
# What decides or repeats. Tags that only print something, such as {% url %} and {% csrf_token %}, are not counted.
CONTROL = re.compile(
    r"\{%-?\s*(if|elif|else|endif|for|empty|endfor|with|endwith|block|endblock|include|comment|endcomment|localize|endlocalize)\b"
)
MOST_CONTROL = 2
# Each of these stands in a component alone.
COMPONENT_CLASSES = re.compile(
    r"govuk-(table\b|table__|summary-list\b(?!__actions-list)|summary-list__(?!actions-list)|button(?!-group)|tag\b|pagination|back-link|warning-text|inset-text)"
    r"|(?<![\w-])(pills|file-list(?!__hint)|big-number(?!s)|ranking|timeline|progress)(__|\b(?!-))"
)
CLASS = re.compile(r"class=\"((?:\{[{%].*?[%}]\}|[^\"])*)\"", re.DOTALL)
ADDRESS = re.compile(r"\b(?:href|action|src|formaction|data-[\w-]*url)=\"/(?!/)[^\"]*\"")
# The page for our own faults needs nothing that could be broken, the resolver of addresses included.
ADDRESSES_BY_HAND = {"500.html": ['href="/static/notify.css"']}


def name(path):
    return str(path.relative_to(TEMPLATES))


def without_comments(text):
    return re.sub(r"\{% comment.*?endcomment %\}|\{#.*?#\}", "", text, flags=re.DOTALL)


def in_a_component(path):
    return TEMPLATES / "components" in path.parents


def tag_of(path):
    """`components/summary_list/row.html` is written `<c-summary-list.row`."""
    return "<c-" + name(path).removeprefix("components/").removesuffix(".html").replace("/", ".").replace("_", "-")


@pytest.mark.parametrize("path", PATHS, ids=name)
def test_no_line_is_longer_than_a_reader_sees(path):
    long = [f"{number}: {len(line)}" for number, line in enumerate(path.read_text().splitlines(), 1) if len(line) > LONGEST]
    assert long == []


@pytest.mark.parametrize("path", PATHS, ids=name)
def test_no_line_decides_more_than_one_thing(path):
    crowded = [
        f"{number}: {line.strip()}"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(CONTROL.findall(line)) > MOST_CONTROL
    ]
    assert crowded == []


@pytest.mark.parametrize("path", [path for path in PATHS if not in_a_component(path)], ids=name)
def test_what_is_a_component_is_not_written_by_hand(path):
    found = [m[1] for m in CLASS.finditer(without_comments(path.read_text())) if COMPONENT_CLASSES.search(m[1])]
    assert found == []


@pytest.mark.parametrize("path", PATHS, ids=name)
def test_no_address_of_ours_is_written_by_hand(path):
    found = ADDRESS.findall(without_comments(path.read_text()))
    assert found == ADDRESSES_BY_HAND.get(name(path), [])


def test_no_view_gives_a_page_an_address_written_by_hand():
    found = [
        f"{path.relative_to(ROOT)}: {m[0]}"
        for app in PACKAGES
        for path in (ROOT / app).rglob("*.py")
        for m in re.finditer(r"\"\w*(?:href|url)\": f?\"/[^\"]*\"|(?:href|action)=\\?[\"']/[^\"']*", path.read_text())
        if "api" not in path.parts and "/v2" not in m[0]
    ]
    # What stands in place of an address in the preview of an email, where no message is to unsubscribe from.
    assert found == ['content/previews.py: href="/unsubscribe/example']


@pytest.mark.parametrize("path", [path for path in PATHS if in_a_component(path)], ids=name)
def test_a_component_says_how_it_is_used_and_prints_only_what_it_names(path):
    """`{{ attrs }}` would print whatever a page gives it, without escaping."""
    text = path.read_text()
    comment = re.match(r"\{% comment %\}(.*?)\{% endcomment %\}", text, re.DOTALL)
    assert comment is not None
    assert tag_of(path) in comment[1]
    assert "attrs" not in without_comments(text)


def test_the_style_guide_shows_every_component():
    shown = (TEMPLATES / "styleguide.html").read_text() + (TEMPLATES / "base.html").read_text()
    missing = [
        name(path) for path in PATHS if in_a_component(path) and not re.search(re.escape(tag_of(path)) + r"[\s>]", shown)
    ]
    assert missing == []


def test_a_component_is_written_as_one():
    included = [name(path) for path in PATHS if "components/" in re.sub(r"admin/components/", "", path.read_text())]
    assert included == []
