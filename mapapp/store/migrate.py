"""Brings a database to the tables of this version, and tells whether it is there."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from mapapp.domain.addresses import AddressKeys
from mapapp.errors import DataError
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


def upgrade(engine: Engine, keys: AddressKeys | None = None) -> None:
    """Bring the tables to this version, all steps in one transaction; nothing to do is fine.

    Args:
        engine: the database.
        keys: seal the addresses that an older version kept in plain text; needed only there.
    """
    with engine.connect().execution_options(**WRITE) as connection, _unlinked(connection):
        if connection.dialect.name == "postgresql":
            # Two processes that start together: the second waits and finds nothing to do.
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config = alembic_config(connection)
        config.attributes["address_keys"] = keys
        command.upgrade(config, "head")


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
                raise DataError("A step of the database would have cut links; nothing was changed.")
    finally:
        if sqlite and raw is not None:
            raw.execute("PRAGMA foreign_keys=ON")


def newest_step() -> str:
    """Return the name of the last step this program knows."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    return head or ""


def step_of(connection: Connection) -> str:
    """Return the last step that was made on this database, '' for none."""
    return MigrationContext.configure(connection).get_current_revision() or ""
