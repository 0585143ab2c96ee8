"""Measure a publication, with somebody who writes meanwhile, and a full recount beside it.

python scripts/bench_publish.py [FOLDER [CHANGES]]

FOLDER is the instance folder of a site that `mapapp bench-site` made; it is copied. Without it, a
site of 20,000 people is made, with 2,000 changes. The recount is DuckDB's over the same rows, if
duckdb and its extension for SQLite are installed (duckdb, duckdb-extensions,
duckdb-extension-sqlite-scanner), and SQLite's own.
"""

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from publish_changes import make_changes
from sqlalchemy import create_engine

from mapapp.domain.published.packed import AUDIENCES, unpack
from mapapp.store.database import make_engine

MAPAPP = (sys.executable, "-c", "from mapapp.cli import main; main()")
FILES = ("mapapp.sqlite", "secret_key", "address_key")
PEOPLE, CHANGES = 20_000, 2_000
_SEEN_BY = " ".join(f"WHEN '{word}' THEN {at}" for at, word in enumerate(AUDIENCES))
RECOUNT = (
    f"SELECT condition_id, area_id, CASE visibility {_SEEN_BY} END AS seen_by, count(*) AS n "  # noqa: S608  # our own words
    "FROM {schema}membership WHERE visibility <> 'counted' AND due IS NULL GROUP BY 1, 2, 3"
)
"""Of all memberships, how many others see at each area, and who sees them: what is published."""


def main() -> None:
    """Print the figures."""
    if sys.argv[1:2] == ["recount"]:
        _recount(sys.argv[2], Path(sys.argv[3]))
        return
    asked = int(sys.argv[2]) if len(sys.argv) > 2 else CHANGES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["MAPAPP_INSTANCE"] = name
        if len(sys.argv) > 1:
            for file in FILES:
                shutil.copy(Path(sys.argv[1]) / file, folder / file)
        else:
            _run("init")
            _run("bench-site", str(PEOPLE))
        made = make_changes(make_engine(f"sqlite:///{folder / FILES[0]}"), asked)
        print(f"{sum(made.values()):,} changes: {json.dumps(made)}")
        beside = _start_writer(folder)
        _timed("mapapp publish", *MAPAPP, "publish")
        print(f"{'a writer meanwhile':32} {beside.communicate('')[0].strip()}")
        _timed("mapapp publish, tidying up", *MAPAPP, "publish")
        _timed("mapapp counts verify", *MAPAPP, "counts", "verify")
        for which in ("duckdb", "sqlite"):
            _timed(f"full recount, {which}", sys.executable, __file__, "recount", which, name)


def _start_writer(folder: Path) -> subprocess.Popen[str]:
    beside = Path(__file__).with_name("publish_beside.py")
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, str(beside), str(folder)], **pipes)


def _run(*arguments: str) -> None:
    subprocess.run([*MAPAPP, *arguments], check=True, stdout=subprocess.DEVNULL)


def _timed(words: str, *command: str) -> None:
    """Print the time, the processor time and the largest memory of a command."""
    start = time.perf_counter()
    quiet = subprocess.DEVNULL if command[: len(MAPAPP)] == MAPAPP else None
    process = subprocess.Popen(command, stdout=quiet)
    _pid, process.returncode, used = os.wait4(process.pid, 0)
    if process.returncode:
        sys.exit(f"{words} failed.")
    busy, took = used.ru_utime + used.ru_stime, time.perf_counter() - start
    print(
        f"{words:32} {busy:8.1f} s busy {took:8.1f} s {used.ru_maxrss / 1024:8,.0f} MB", flush=True
    )


def _recount(which: str, folder: Path) -> None:
    """Count all memberships, compare with the published numbers, and say whether they agree."""
    file = folder / FILES[0]
    found = _with_duckdb(file) if which == "duckdb" else _with_sqlite(file)
    if found is None:
        print("duckdb with its extension for SQLite: absent")
        return
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    agree = np.array_equal(found[np.lexsort(found.T[2::-1])], _published(file))
    print(f"{'exact' if agree else 'NOT THE SAME'}, {peak:,.0f} MB before comparing", flush=True)
    if not agree:
        sys.exit(1)


def _with_duckdb(file: Path) -> np.ndarray[Any, Any] | None:
    try:
        import duckdb
        from duckdb_extensions import import_extension
    except ImportError:
        return None
    import_extension("sqlite_scanner")
    connection = duckdb.connect()
    connection.execute(f"LOAD sqlite_scanner; ATTACH '{file}' AS site (TYPE sqlite, READ_ONLY)")
    columns = connection.execute(RECOUNT.format(schema="site.")).fetchnumpy()
    return np.column_stack([columns[name] for name in ("condition_id", "area_id", "seen_by", "n")])


def _with_sqlite(file: Path) -> np.ndarray[Any, Any]:
    with sqlite3.connect(file) as connection:
        rows = connection.execute(RECOUNT.format(schema=""))
        return np.fromiter((one for row in rows for one in row), np.int64).reshape(-1, 4)


def _published(file: Path) -> np.ndarray[Any, Any]:
    """Return (condition, area, audience, number) of the newest numbers of each map, in order."""
    newest = (
        "SELECT condition_id, numbers, max(publication) FROM area_numbers "
        "WHERE condition_id > 0 GROUP BY condition_id"
    )
    parts = [np.zeros((0, 4), np.int64)]
    with create_engine(f"sqlite:///{file}").connect() as connection:
        for condition_id, numbers, _publication in connection.exec_driver_sql(newest):
            placed = unpack(numbers)
            area, audience = np.nonzero(placed.numbers)
            here = np.full(len(area), condition_id)
            parts.append(
                np.column_stack((here, placed.ids[area], audience, placed.numbers[area, audience]))
            )
    return np.concatenate(parts)


if __name__ == "__main__":
    main()
