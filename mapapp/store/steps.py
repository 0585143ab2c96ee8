"""Whether a database has the tables of this version: by the steps of the migration it has taken.

Every process of the site asks this. Alembic, which makes the steps, would cost each of them 10 MB,
so its table is read here, and a step's name is the beginning of its file's.
"""

import re
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from mapapp.errors import N_, BadInputError
from mapapp.paths import PACKAGE

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
STEP_TABLE = "alembic_version"


def migrations() -> Path:
    """Return the folder of the migrations."""
    return PACKAGE / "store" / "migrations"


def check_tables(connection: Connection) -> None:
    """Refuse a database that is not at this version's tables.

    Raises:
        BadInputError: saying what to do.
    """
    step = step_of(connection)
    if not step:
        raise BadInputError(NOT_OURS if has_tables(connection) else NOT_MADE)
    refuse_unknown(step)
    if step != newest_step():
        raise BadInputError(BEHIND)


def has_tables(connection: Connection) -> bool:
    """Whether there is any table."""
    return bool(inspect(connection).get_table_names())


def refuse_unknown(step: str) -> None:
    """Refuse a step that no upgrade leads on from.

    Raises:
        BadInputError: saying what to do.
    """
    if step in BEFORE_RELEASE:
        raise BadInputError(TOO_OLD)
    if step and step not in known_steps():
        raise BadInputError(AHEAD if OUR_STEP.match(step) else NOT_OURS)


def newest_step() -> str:
    """Return the name of the last step this program knows."""
    return max(known_steps(), default="")


def known_steps() -> frozenset[str]:
    """Return the names of all steps this program knows."""
    files = (migrations() / "versions").glob("r[0-9]*.py")
    return frozenset(file.stem.partition("_")[0] for file in files)


def step_of(connection: Connection) -> str:
    """Return the last step that was made on this database, '' for none.

    A version that keeps several last steps can only be a newer one; then one that is unknown here.
    """
    if not inspect(connection).has_table(STEP_TABLE):
        return ""
    last = set(connection.scalars(text(f"SELECT version_num FROM {STEP_TABLE}")))  # noqa: S608
    unknown = last - known_steps() if len(last) > 1 else set()
    return next(iter(sorted(unknown) or sorted(last)), "")
