"""Actions and views have their tests at the mirror path, app/actions/x.py ↔ tests/app/actions/test_x.py; every public action
is named there."""

import ast
from pathlib import Path

import pytest

from tests.helpers.house import PACKAGES, ROOT

APPS = [package for package in PACKAGES if package not in ("content", "notify")]


def files_in(folder: str) -> list[Path]:
    return [
        path.relative_to(ROOT)
        for package in APPS
        for path in sorted((ROOT / package).rglob(f"{folder}/**/*.py"))
        if path.name != "__init__.py"
    ]


def public_functions(path: Path) -> set[str]:
    return {
        node.name
        for node in ast.parse((ROOT / path).read_text()).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }


def mirror_of(path: Path) -> Path:
    return Path("tests") / path.parent / f"test_{path.name}"


def names_in(path: Path) -> set[str]:
    """What a test names in its code; words in strings and comments do not count."""
    tree = ast.parse((ROOT / path).read_text())
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return names | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize("path", files_in("actions"), ids=str)
def test_every_public_action_is_named_at_its_mirror_path(path):
    assert (ROOT / mirror_of(path)).exists()
    assert sorted(public_functions(path) - names_in(mirror_of(path))) == []


def test_every_app_with_actions_is_listed():
    found = {path.relative_to(ROOT).parts[0] for path in ROOT.glob("[a-z]*/**/actions/*.py")} - {"tests"}
    assert found <= set(APPS)


def test_every_file_of_views_has_its_tests_at_the_mirror_path():
    assert [str(path) for path in files_in("views") if not (ROOT / mirror_of(path)).exists()] == []
