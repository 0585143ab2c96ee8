"""Empty databases for tests, on SQLite and on PostgreSQL.

A site is made once and copied for each test, which takes milliseconds, and fewer in memory than on
a disk. PostgreSQL is the server named by MAPAPP_TEST_POSTGRES, or one that is started for the run
and thrown away after it.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Union

from sqlalchemy import (
    Column,
    ColumnElement,
    Engine,
    LargeBinary,
    NullPool,
    Text,
    cast,
    create_engine,
    make_url,
    select,
    text,
)

from mapapp.actions.operations.site_setup import fill_site
from mapapp.store.database import make_engine, transaction
from mapapp.store.migrate import upgrade
from mapapp.store.tables import Base

_numbers = count(1)
PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
MEMORY = Path("/dev/shm")  # noqa: S108 - a disk in memory; folders made there have names of their own
ROOM = 2 * 1024**3  # bytes that must be free there
Databases = Union["SqliteDatabases", "PostgresDatabases"]


def fast_folder() -> str | None:
    """Return where a temporary folder costs least; None for where they are made by default."""
    try:
        free = shutil.disk_usage(MEMORY).free
    except OSError:
        return None
    return str(MEMORY) if free > ROOM and os.access(MEMORY, os.W_OK) else None


@contextmanager
def databases_of(kind: str) -> Iterator[Databases]:
    """Give databases of a kind, "sqlite" or "postgresql"; nothing of them stays.

    The template holds a site just made.
    """
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="mapapp-sqlite-", dir=fast_folder()) as folder:
            files = SqliteDatabases(Path(folder))
            fill_template(files.template)
            yield files
        return
    with postgres_server() as server:
        made = PostgresDatabases(server)
        fill_template(made.template)
        yield made
        # A server of our own is thrown away with all that is in it, which takes no time.
        if os.environ.get("MAPAPP_TEST_POSTGRES"):
            made.drop()


def fill_template(url: str) -> None:
    """Make a new site in an empty database."""
    engine = make_engine(url)
    upgrade(engine)
    with transaction(engine) as session:
        fill_site(session)
    engine.dispose()


class SqliteDatabases:
    """Databases that are files in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = f"sqlite:///{folder / 'template.sqlite'}"

    def copy(self) -> str:
        """Return the URL of a fresh copy of the template."""
        path = self.folder / f"{next(_numbers)}.sqlite"
        shutil.copyfile(self.folder / "template.sqlite", path)
        return f"sqlite:///{path}"

    def remove(self, url: str) -> None:
        """Remove one that nobody uses any more."""
        path = make_url(url).database or ""
        for end in ("", "-wal", "-shm", "-journal"):
            Path(path + end).unlink(missing_ok=True)

    def empty(self) -> str:
        """Return the URL of a database without tables."""
        return f"sqlite:///{self.folder / f'{next(_numbers)}.sqlite'}"


class PostgresDatabases:
    """Databases of one server, named for this process."""

    def __init__(self, server: str) -> None:
        self.url = make_url(server).set(drivername="postgresql+psycopg")
        self.engine = create_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self.made: set[str] = set()
        # Copying files takes half as long as writing every page to the log first, as version 15
        # and later do where nothing is said; older ones copy files and know no other way.
        with self.engine.connect() as connection:
            version = connection.dialect.server_version_info or (0,)
        self.how = " STRATEGY FILE_COPY" if version[0] >= 15 else ""
        self.template = self._create()

    def copy(self) -> str:
        """Return the URL of a fresh copy of the template."""
        return self._create(make_url(self.template).database)

    def empty(self) -> str:
        """Return the URL of a database without tables."""
        return self._create()

    def remove(self, url: str) -> None:
        """Remove one that nobody uses any more."""
        name = make_url(url).database or ""
        self._say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self.made.discard(name)

    def drop(self) -> None:
        """Remove every database that was made."""
        for name in sorted(self.made):
            self._say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _create(self, template: str | None = None) -> str:
        name = f"mapapp_test_{os.getpid()}_{next(_numbers)}"
        self._say(f'CREATE DATABASE "{name}" TEMPLATE "{template or "template0"}"{self.how}')
        self.made.add(name)
        return self.url.set(database=name).render_as_string(hide_password=False)

    def _say(self, command: str) -> None:
        with self.engine.connect() as connection:
            connection.execute(text(command))


@contextmanager
def postgres_server() -> Iterator[str]:
    """Yield the URL of a PostgreSQL server: the one named, or one started for this run."""
    named = os.environ.get("MAPAPP_TEST_POSTGRES")
    if named:
        yield named
        return
    if not PROGRAMS:
        raise RuntimeError(
            "PostgreSQL is missing. Install it (Debian: apt-get install postgresql), or set "
            "MAPAPP_TEST_POSTGRES to the URL of a server where databases may be made."
        )
    with tempfile.TemporaryDirectory(prefix="mapapp-postgres-", dir=fast_folder()) as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")  # the server refuses to run as root
        _as_server("initdb", "-D", f"{folder}/data", "-U", "mapapp", "-A", "trust", "-E", "UTF8")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
        options += " -c autovacuum=off"  # no database lives long enough to need it
        _as_server(
            "pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", options, "start"
        )
        try:
            yield f"postgresql+psycopg://mapapp@/postgres?host={folder}"
        finally:
            _as_server("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")


def _as_server(program: str, *arguments: str) -> None:
    command = [str(PROGRAMS[-1] / program), *arguments]
    if os.geteuid() == 0:
        command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *command]
    subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)


def stored(engine: Engine) -> bytes:
    """Return everything in the database."""
    if engine.dialect.name == "sqlite":
        path = engine.url.database or ""
        files = [Path(path), Path(f"{path}-wal"), Path(f"{path}-journal")]
        return b"".join(file.read_bytes() for file in files if file.exists())
    return str(rows_of(engine)).encode()


def _readable(column: Column[Any]) -> ColumnElement[Any]:
    return column if isinstance(column.type, LargeBinary) else cast(column, Text)


def rows_of(engine: Engine) -> dict[str, list[str]]:
    """Return every row of every table, as text and in one order."""
    with engine.connect() as connection:
        return {
            table.name: sorted(
                str(row) for row in connection.execute(select(*map(_readable, table.columns)))
            )
            for table in Base.metadata.sorted_tables
        }
