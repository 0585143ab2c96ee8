"""Databases that a command cannot use: one line that says why and what to do, nothing changed."""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Engine, inspect, text

from mapapp.errors import BadInputError
from mapapp.store import steps
from mapapp.store.database import make_engine
from tests.databases import PostgresDatabases, SqliteDatabases, stored

Shell = Callable[..., Result]
COMMANDS = [["init"], ["serve"], ["worker", "--once"], ["demo"]]
NEWER = "mapapp: The database is from a newer version of the program"
OTHERS = "mapapp: This database belongs to another program"
OLDER = "mapapp: This database was created before the first release"


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (["0006"], OLDER),
        (["r9999"], NEWER),
        ([steps.newest_step(), "r9999"], NEWER),
        (["ae1027a6acf"], OTHERS),
    ],
)
def test_a_database_of_another_version_is_refused_and_left_alone(
    shell: Shell, engine: Engine, command: list[str], steps: list[str], words: str
) -> None:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        for step in steps:
            connection.execute(text("INSERT INTO alembic_version VALUES (:step)"), {"step": step})
    engine.dispose()
    before = stored(engine)
    refused = shell(*command)
    assert refused.exit_code == 2
    assert refused.stdout == ""
    (line,) = refused.stderr.splitlines()
    assert line.startswith(words)
    assert "Nothing was changed" in line
    assert stored(engine) == before


@pytest.mark.parametrize("command", COMMANDS)
def test_the_tables_of_another_program_are_left_alone(
    shell: Shell, databases: SqliteDatabases | PostgresDatabases, command: list[str]
) -> None:
    url = databases.empty()
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE shop (id INTEGER)"))
    refused = shell(*command, MAPAPP_DATABASE_URL=url)
    assert refused.exit_code == 2
    (line,) = refused.stderr.splitlines()
    assert line.startswith(OTHERS)
    assert inspect(engine).get_table_names() == ["shop"]
    engine.dispose()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("kind", ["words", "torn"])
def test_a_file_that_is_no_database_is_named_as_such(
    shell: Shell, tmp_path: Path, command: list[str], kind: str
) -> None:
    place = tmp_path / "map.sqlite"
    if kind == "torn":
        with closing(sqlite3.connect(place)) as connection:
            for number in range(50):
                connection.execute(f"CREATE TABLE t{number} (x TEXT)")
        place.write_bytes(place.read_bytes()[: 4096 * 3])
    else:
        place.write_bytes(b"These are words. " * 1000)
    before = place.read_bytes()
    refused = shell(*command, MAPAPP_DATABASE_URL=f"sqlite:///{place}")
    assert refused.exit_code == 1
    (line,) = refused.stderr.splitlines()
    assert "damaged" in line
    assert "Restore a backup" in line
    assert place.read_bytes() == before


@pytest.mark.parametrize("command", COMMANDS)
def test_a_server_that_is_not_there_is_one_line(shell: Shell, command: list[str]) -> None:
    url = "postgresql://somebody:hunter2@127.0.0.1:1/nowhere"
    refused = shell(*command, MAPAPP_DATABASE_URL=url)
    assert refused.exit_code == 1
    (line,) = refused.stderr.splitlines()
    assert "hunter2" not in line
    assert line.endswith("Check MAPAPP_DATABASE_URL, then try again.")


@pytest.fixture
def locked() -> Iterator[Path]:
    """A folder with an empty file in it, in which nobody may write."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "map.sqlite").touch()
        folder.chmod(0o555)
        # Root may write everywhere, so there the test looks on as nobody.
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)
            folder.chmod(0o755)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", ["map.sqlite", "new.sqlite", "deep/er/new.sqlite"])
def test_a_folder_without_rights_is_one_line(
    shell: Shell, locked: Path, command: list[str], name: str
) -> None:
    refused = shell(*command, MAPAPP_DATABASE_URL=f"sqlite:///{locked / name}")
    assert refused.exit_code in {1, 2}
    assert refused.stdout == ""
    (line,) = refused.stderr.splitlines()
    assert line.startswith("mapapp: ")
    assert [path.name for path in locked.iterdir()] == ["map.sqlite"]


def test_a_worker_ends_when_a_newer_version_takes_over(
    shell: Shell, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = []

    def _upkeep(*_given: object) -> None:
        rounds.append(len(rounds))
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = 'r9999'"))

    monkeypatch.setattr("mapapp.cli.site.WorkerJobs.run", _upkeep)
    monkeypatch.setattr("mapapp.cli.site.PAUSE", 0)
    monkeypatch.setattr("signal.signal", lambda *_: None)  # those of the tests stay
    ended = shell("worker")
    assert (ended.exit_code, rounds) == (2, [0])
    assert ended.stderr.startswith(NEWER)


def test_what_is_no_step_of_ours_is_another_programs(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'r12'"))
        with pytest.raises(BadInputError, match="another program"):
            steps.check_tables(connection)
        connection.rollback()
