"""Brings a database to the tables of this version, and tells whether it is there."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from mapapp.paths import PACKAGE
from mapapp.store.database import WRITE

LOCK = 7_305_021  # any number, the same in all versions


def alembic_config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration; there is no .ini file, so that a wheel needs none."""
    config = Config()
    config.set_main_option("script_location", str(PACKAGE / "store" / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """Bring the tables to this version, all steps in one transaction; nothing to do is fine."""
    with engine.connect().execution_options(**WRITE) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            # Two processes that start together: the second waits and finds nothing to do.
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        command.upgrade(alembic_config(connection), "head")


def newest_step() -> str:
    """Return the name of the last step this program knows."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    return head or ""


def step_of(connection: Connection) -> str:
    """Return the last step that was made on this database, '' for none."""
    return MigrationContext.configure(connection).get_current_revision() or ""
