"""Everything that a running site stores: files, journals and rows."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import MetaData, select

from mapapp.store.database import make_engine
from tests.e2e.conftest import Live


def stored_bytes(live: Live) -> Iterator[tuple[str, bytes]]:
    """All files of the site, the database with its journal among them."""
    folders = {live.settings.instance}
    database = live.settings.sqlalchemy_url.partition(":///")[2]
    files = (
        [Path(database + end) for end in ("", "-wal", "-shm")]
        if "sqlite" in (live.settings.sqlalchemy_url)
        else []
    )
    for folder in folders:
        files += [path for path in folder.rglob("*") if path.is_file()]
    for path in files:
        if path.exists():
            yield path.name, path.read_bytes()


def stored_rows(live: Live) -> Iterator[tuple[str, str]]:
    """Every row of every table, as text: journals and encodings hide nothing here."""
    engine = make_engine(live.settings.sqlalchemy_url)
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        for table in tables.sorted_tables:
            for row in connection.execute(select(table)):
                yield table.name, repr(tuple(row))
    engine.dispose()
