"""A database of another version is refused in one sentence, and one of this version is not."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from notify import schema_check

pytestmark = pytest.mark.django_db
SENTENCE = r"^The database was made by another version of Notify \(%s\): delete the folder \.notify, .+ start again\.$"


def had(app, name):
    MigrationRecorder(connection).record_applied(app, name)


def test_a_database_of_this_version_fits():
    assert schema_check.unknown_migrations() == []
    assert schema_check.missing_columns() == []


@pytest.mark.parametrize("app", ["services", "an_app_that_is_no_more"])
@pytest.mark.parametrize("command", ["prepare", "demo"])
def test_migrations_this_version_does_not_have_are_named(app, command, settings):
    settings.EMBEDDED = True
    had(app, "0099_of_another_version")

    with pytest.raises(CommandError, match=SENTENCE % f"{app}.0099_of_another_version is a migration .+"):
        call_command(command)


def test_a_package_may_drop_a_migration():
    had("guardian", "0099_dropped")

    assert schema_check.unknown_migrations() == []


def test_a_migration_that_was_written_anew_under_its_name_is_noticed_by_its_columns():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE services_smssender DROP COLUMN name CASCADE")

    with pytest.raises(CommandError, match=SENTENCE % r"services_smssender\.name is missing"):
        schema_check.migrate()


def test_a_migration_that_makes_what_is_there_is_refused():
    MigrationRecorder(connection).migration_qs.filter(app="usersessions").delete()

    with pytest.raises(CommandError, match=SENTENCE % ".+ already exists"):
        schema_check.migrate()


def test_a_history_with_a_gap_is_refused():
    MigrationRecorder(connection).migration_qs.filter(app="contenttypes").delete()

    with pytest.raises(CommandError, match=SENTENCE % "Migration .+ is applied before its dependency .+"):
        schema_check.migrate()
