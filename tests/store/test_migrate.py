"""The steps lead from nothing to the tables of the code, on both databases."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from mapapp.store.database import make_engine
from mapapp.store.migrate import alembic_config, newest_step, step_of, upgrade
from mapapp.store.tables import Base


def test_the_upgraded_database_is_what_the_tables_say(engine: Engine) -> None:
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_the_comparison_would_notice_a_missing_table(engine: Engine) -> None:
    with engine.begin() as connection:
        Base.metadata.tables["tell_me"].drop(connection)
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) != []


def test_an_upgrade_of_an_upgraded_database_does_nothing(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        assert step_of(connection) == newest_step() != ""


def test_an_empty_database_has_no_step(databases) -> None:
    engine = make_engine(databases.empty())
    with engine.connect() as connection:
        assert step_of(connection) == ""
        assert inspect(connection).get_table_names() == []
    engine.dispose()


def test_the_steps_can_be_taken_back(engine: Engine) -> None:
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    upgrade(engine)
    assert "member" in inspect(engine).get_table_names()
