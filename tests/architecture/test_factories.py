"""Every model has a factory, and tests make rows with factories alone."""

import ast
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from factory.django import DjangoModelFactory

from tests.helpers.house import LINE

TESTS = Path(__file__).parents[1]
# Rights are granted by accounts.guardian alone.
GRANTS = {"services.ServiceUserPermission", "organisations.OrganisationUserPermission"}


def factories() -> list[type[DjangoModelFactory]]:
    modules = [import_module(f"tests.factories.{path.stem}") for path in sorted((TESTS / "factories").glob("*.py"))]
    return [
        found
        for module in modules
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, DjangoModelFactory) and found.__module__ == module.__name__
    ]


def test_every_model_has_a_factory():
    made = {factory._meta.model._meta.label for factory in factories()}
    ours = {model._meta.label for model in apps.get_models() if model._meta.app_label in LINE}
    assert ours - GRANTS - made == set()


@pytest.mark.django_db
@pytest.mark.parametrize("factory", factories(), ids=lambda factory: factory.__name__)
def test_every_factory_makes_a_row_that_is_there(factory):
    made = factory()
    assert type(made)._default_manager.get(pk=made.pk) == made


def creates_rows(path: Path) -> bool:
    """Whether a file calls `objects.create(`; words in strings and comments do not count."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == "create"
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "objects"
        for node in ast.walk(ast.parse(path.read_text()))
    )


def test_rows_are_made_by_factories_alone():
    assert [str(path.relative_to(TESTS)) for path in sorted(TESTS.rglob("*.py")) if creates_rows(path)] == []
