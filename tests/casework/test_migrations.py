"""The migrations make exactly the tables that the models speak of."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from casework.migrate import migrate
from casework.models import Base


def test_a_migrated_database_has_the_tables_of_the_models(database):
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_migrating_again_changes_nothing(database, met):
    person_id = met()
    migrate(database)
    assert met() == person_id


def test_the_database_says_whether_it_answers(database):
    assert database.answers()
