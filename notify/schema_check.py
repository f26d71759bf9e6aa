"""Refusing a database that another version of Notify made and whose tables do not fit this one's."""

from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.loader import MigrationLoader
from psycopg import errors

MISFITS = (
    *(errors.DuplicateTable, errors.DuplicateColumn, errors.DuplicateObject),
    *(errors.UndefinedTable, errors.UndefinedColumn, errors.UndefinedObject),
)


def migrate() -> None:
    """Bring the database up to date. Refuses one that another version made with CommandError, in one sentence."""
    refuse_unknown_migrations()
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except InconsistentMigrationHistory as error:
        raise _refusal(str(error).partition("\n")[0].rstrip(".")) from error
    except ProgrammingError as error:
        if isinstance(error.__cause__, MISFITS):
            raise _refusal(str(error).partition("\n")[0]) from error
        raise
    if missing := missing_columns():
        raise _refusal(f"{missing[0]} is missing")


def refuse_unknown_migrations() -> None:
    """Refuse a database that has had migrations this version does not have, with CommandError."""
    if unknown := unknown_migrations():
        raise _refusal(f"{unknown[0]} is a migration this version does not have")


def unknown_migrations() -> list[str]:
    """Migrations the database has had and this version lacks: of the project's apps, and of apps that are no more.

    Packages may drop migrations that a later one replaces, so those of installed packages do not count.
    """
    loader = MigrationLoader(connection)
    known = {*loader.disk_migrations, *(old for each in loader.disk_migrations.values() for old in each.replaces)}
    packages = {config.label for config in apps.get_app_configs() if "site-packages" in config.path}
    return sorted(f"{app}.{name}" for app, name in set(loader.applied_migrations) - known if app not in packages)


def missing_columns() -> list[str]:
    """What the models have and the tables lack, which is so where a migration was written anew under its old name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()")
        found = set(cursor.fetchall())
    models = apps.get_models(include_auto_created=True)
    wanted = {(model._meta.db_table, field.column) for model in models for field in model._meta.local_concrete_fields}
    return sorted(f"{table}.{column}" for table, column in wanted - found if column)


def _refusal(detail: str) -> CommandError:
    return CommandError(
        f"The database was made by another version of Notify ({detail}): delete the folder .notify, whose data is lost then, "
        "or name an empty database in DATABASE_URL, and start again."
    )
