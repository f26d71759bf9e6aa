"""A class name stands once in the product, so that a name in a traceback or a search leads to one place."""

import ast
from collections import defaultdict

from tests.helpers.house import PACKAGES, ROOT

# Names that a framework gives.
GIVEN = {"Command", "Meta"}


def test_no_class_name_stands_twice():
    places = defaultdict(list)
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.ClassDef) and node.name not in GIVEN:
                    places[node.name].append(str(path.relative_to(ROOT)))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
