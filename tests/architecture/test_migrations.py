import re

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, RunSQL

from tests.helpers.house import LINE


@pytest.fixture(scope="module")
def graph(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return MigrationLoader(connection).graph


def ours(graph):
    return {key: node for key, node in graph.nodes.items() if key[0] in LINE}


def test_migrations_are_named_by_hand(graph):
    assert [name for _, name in ours(graph) if re.search(r"_auto_\d|_alter_.*_and_more$", name)] == []


def test_migrations_of_an_app_depend_on_apps_to_the_left_only(graph):
    wrong = [
        (key, parent.key)
        for key in ours(graph)
        for parent in graph.node_map[key].parents
        if parent.key[0] in LINE and LINE.index(parent.key[0]) > LINE.index(key[0])
    ]
    assert [pair for pair in wrong if pair[0][0] != "audit"] == []


def test_every_migration_can_be_taken_back(graph):
    one_way = [
        key
        for key, node in ours(graph).items()
        for operation in node.operations
        if isinstance(operation, RunPython | RunSQL) and not operation.reversible
    ]
    assert one_way == []
