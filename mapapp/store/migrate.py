"""Brings a database to the tables of this version."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from mapapp.errors import N_, BadInputError, DataError
from mapapp.store.database import FOR_WRITING
from mapapp.store.steps import NOT_OURS, has_tables, migrations, refuse_unknown, step_of

LOCK = 7_305_021  # any number, the same in all versions


def alembic_config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration; there is no .ini file, so that a wheel needs none."""
    config = Config()
    config.set_main_option("script_location", str(migrations()))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """Bring the tables to this version, all steps in one transaction; nothing to do is fine.

    Raises:
        BadInputError: for a database that this version cannot take on; nothing is changed then.
    """
    with engine.connect().execution_options(**FOR_WRITING) as connection, _unlinked(connection):
        if connection.dialect.name == "postgresql":
            # Two processes that start together: the second waits and finds nothing to do.
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        step = step_of(connection)
        refuse_unknown(step)
        if not step and has_tables(connection):
            raise BadInputError(NOT_OURS)
        command.upgrade(alembic_config(connection), "head")


@contextmanager
def _unlinked(connection: Connection) -> Iterator[None]:
    """One transaction in which SQLite may copy a table without emptying those that point to it."""
    # Replacing a table drops the old one, and a dropped row would take its children along. The
    # pragma is heard only outside of a transaction, and the check before the end makes it good.
    raw = connection.connection.driver_connection
    sqlite = connection.dialect.name == "sqlite"
    if sqlite and raw is not None:
        raw.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            yield
            if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise DataError(
                    N_(
                        "A step of the migration would have broken links between rows; "
                        "nothing was changed."
                    )
                )
    finally:
        if sqlite and raw is not None:
            raw.execute("PRAGMA foreign_keys=ON")
