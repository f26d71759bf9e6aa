"""docs/self-hosting.md lists every variable that is read, and none that is not."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENT = ROOT / "docs" / "self-hosting.md"


def documented(heading: str) -> set[str]:
    """The variables in the table below a heading."""
    section = DOCUMENT.read_text().split(heading, 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `([A-Z_]+)` \|", section, re.MULTILINE))


def test_every_setting_is_in_the_table_and_every_row_is_a_setting():
    files = [path for path in (ROOT / "notify" / "settings").glob("*.py") if path.name != "test.py"]
    read = {name for path in files for name in re.findall(r'env\.[a-z_]+\(\s*"([A-Z_]+)"', path.read_text())}

    assert documented("## Every setting") == read


def test_the_variables_of_the_commands_are_in_their_table():
    files = list((ROOT / "bin" / "_dev").glob("*.py"))
    read = {name for path in files for name in re.findall(r'environ(?:\.get\(|\[|\.setdefault\()"([A-Z_]+)"', path.read_text())}
    elsewhere = {"CI", "NOTIFY_BROWSER", "NOTIFY_PYTHON"}

    assert documented("## A first look") == read | elsewhere
