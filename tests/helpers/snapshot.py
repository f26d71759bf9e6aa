"""Everything the project has in the database, and what became different."""

import json
from typing import Any

from django.apps import apps
from django.db import connection

from audit.models import AuditEvent
from tests.helpers.house import LINE

# Apps whose tables actions write; the rest is sessions, content types and the like.
WATCHED = {*LINE, "account", "mfa"}
# What stands for sending: emails of the platform where tests deliver them at once.
LEFT_OUT = {"SandboxMessage"}

Snapshot = dict[str, dict[str, dict[str, Any]]]


def snapshot() -> Snapshot:
    """Every row of every table of the project: model's name → key → columns. One query."""
    models = {
        m for m in apps.get_models(include_auto_created=True) if m._meta.app_label in WATCHED and m.__name__ not in LEFT_OUT
    }
    parts = [
        f'SELECT \'{m.__name__}\', "{m._meta.pk.column}"::text, to_jsonb(t) FROM "{m._meta.db_table}" t'
        for m in sorted(models, key=lambda model: model._meta.label)
    ]
    found: Snapshot = {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        for model, key, row in cursor.fetchall():
            found.setdefault(model, {})[key] = json.loads(row)
    return found


def difference(before: Snapshot, after: Snapshot) -> dict[str, Any]:
    """What was written: `Model.column` with its new value (a list for several rows), `+Model` and `-Model` with how many
    rows were added and taken away, `history` with the names of the audit trail."""
    found: dict[str, Any] = {}
    for model in sorted(before.keys() | after.keys()):
        old, new = before.get(model, {}), after.get(model, {})
        if model == AuditEvent.__name__:
            found["history"] = [new[key]["name"] for key in sorted(new.keys() - old.keys())]
            continue
        for sign, keys in (("+", new.keys() - old.keys()), ("-", old.keys() - new.keys())):
            if keys:
                found[f"{sign}{model}"] = len(keys)
        for key in sorted(old.keys() & new.keys()):
            for column in new[key]:
                if old[key][column] != new[key][column]:
                    found.setdefault(f"{model}.{column}", []).append(new[key][column])
    return {key: value[0] if "." in key and len(value) == 1 else value for key, value in found.items()}
