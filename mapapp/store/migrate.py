"""Brings a database to the tables of this version, and tells whether it is there."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from mapapp.errors import N_, BadInputError, DataError
from mapapp.paths import PACKAGE
from mapapp.store.database import FOR_WRITING

LOCK = 7_305_021  # any number, the same in all versions
BEFORE_RELEASE = frozenset({"0001", "0002", "0003", "0004", "0005", "0006"})
"""Steps of the time in which nothing was released; no release can take a database on from them."""

NOT_MADE = N_("This site has no database yet. Create it with: mapapp init")
BEHIND = N_("The database is from an older version. Upgrade it with: mapapp init")
AHEAD = N_(
    "The database is from a newer version of the program. Run that version. Nothing was changed."
)
NOT_OURS = N_(
    "This database belongs to another program. Nothing was changed. Name another one in "
    "MAPAPP_DATABASE_URL, then: mapapp init"
)
OUR_STEP = re.compile(r"r?\d{4}")
TOO_OLD = N_(
    "This database was created before the first release and cannot be upgraded. Nothing "
    "was changed. To see what is in it, run the version of the program that created it. "
    "For a new, empty site, name another database in MAPAPP_DATABASE_URL, or move this one "
    "away, then: mapapp init"
)


def alembic_config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration; there is no .ini file, so that a wheel needs none."""
    config = Config()
    config.set_main_option("script_location", str(PACKAGE / "store" / "migrations"))
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
        _refuse_unknown(step)
        if not step and _has_tables(connection):
            raise BadInputError(NOT_OURS)
        command.upgrade(alembic_config(connection), "head")


def check_tables(connection: Connection) -> None:
    """Refuse a database that is not at this version's tables.

    Raises:
        BadInputError: saying what to do.
    """
    step = step_of(connection)
    if not step:
        raise BadInputError(NOT_OURS if _has_tables(connection) else NOT_MADE)
    _refuse_unknown(step)
    if step != newest_step():
        raise BadInputError(BEHIND)


def _has_tables(connection: Connection) -> bool:
    return bool(inspect(connection).get_table_names())


def _refuse_unknown(step: str) -> None:
    if step in BEFORE_RELEASE:
        raise BadInputError(TOO_OLD)
    known = {script.revision for script in _steps().walk_revisions()}
    if step and step not in known:
        raise BadInputError(AHEAD if OUR_STEP.match(step) else NOT_OURS)


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


def newest_step() -> str:
    """Return the name of the last step this program knows."""
    return _steps().get_current_head() or ""


def _steps() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config())


def step_of(connection: Connection) -> str:
    """Return the last step that was made on this database, '' for none.

    A version that keeps several last steps can only be a newer one; then one that is unknown here.
    """
    heads = MigrationContext.configure(connection).get_current_heads()
    known = {script.revision for script in _steps().walk_revisions()} if len(heads) > 1 else set()
    return next(iter(sorted(set(heads) - known) or sorted(heads)), "")
