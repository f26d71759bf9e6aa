"""No module of the product imports itself by way of others; imports inside functions count."""

import ast
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.helpers.house import PACKAGES, ROOT


def imported_names(node):
    """Every dotted name below a node that is imported, except what only the types need."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.Import):
            yield from [(alias.name, None) for alias in child.names]
        elif isinstance(child, ast.ImportFrom):
            yield from [(child.module, alias.name) for alias in child.names]
        yield from imported_names(child)


def import_circle(sources):
    """The modules of a circle, each imported by the next, in `{module: source}`; empty where there is none."""
    graph = {}
    for module, source in sources.items():
        found = [(f"{package}.{name}", package) for package, name in imported_names(ast.parse(source))]
        graph[module] = {next((name for name in names if name in sources), module) for names in found} - {module}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def product():
    paths = [path.relative_to(ROOT) for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return {".".join(path.with_suffix("").parts).removesuffix(".__init__"): (ROOT / path).read_text() for path in paths}


def test_there_is_no_circle_of_imports():
    assert import_circle(product()) == []


@pytest.mark.parametrize(
    ("first", "found"),
    [
        ("from b import c", True),
        ("import b", True),
        ("def f():\n    from b import c", True),
        ("import typing\nif typing.TYPE_CHECKING:\n    from b import c", False),
        ("import d", False),
    ],
)
def test_a_circle_is_seen(first, found):
    assert bool(import_circle({"a": first, "b": "import a\nc = 1", "d": ""})) is found
