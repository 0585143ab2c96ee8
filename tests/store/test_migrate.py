"""The migrations lead from an empty database to the code's tables, on both databases."""

import multiprocessing
import shutil
from collections.abc import Iterator
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, select, text
from sqlalchemy.orm import Session

from mapapp.errors import BadInputError, DataError
from mapapp.store import steps
from mapapp.store.database import make_engine
from mapapp.store.members import Member, MemberLanguage
from mapapp.store.migrate import alembic_config, upgrade
from mapapp.store.records import Export
from mapapp.store.steps import check_tables, known_steps, newest_step, step_of
from mapapp.store.tables import Base
from tests.databases import PostgresDatabases, SqliteDatabases, rows_of
from tests.old_sites import upgrade_to

Databases = SqliteDatabases | PostgresDatabases


@pytest.fixture
def empty(databases: Databases) -> Iterator[Engine]:
    """A database without tables."""
    engine = make_engine(databases.empty())
    yield engine
    engine.dispose()


def test_the_upgraded_database_is_what_the_tables_say(empty: Engine) -> None:
    upgrade(empty)
    with empty.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_the_comparison_would_notice_a_missing_table(engine: Engine) -> None:
    with engine.begin() as connection:
        Base.metadata.tables["block"].drop(connection)
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) != []


def _name(column: dict[str, Any]) -> str:
    return str(column["name"])


def _index(index: Any) -> dict[str, Any]:
    """An index as it is compared: of the rows that it leaves out, the words."""
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return {**index, "dialect_options": options}


def _shape(engine: Engine) -> dict[str, dict[str, Any]]:
    """Everything a database reports about its tables, with the names of constraints and indexes."""
    look = inspect(engine)
    return {
        table: {
            # Their order is that of the steps, and says nothing.
            "columns": sorted(
                ({**c, "type": repr(c["type"])} for c in look.get_columns(table)), key=_name
            ),
            "key": look.get_pk_constraint(table),
            "links": sorted(look.get_foreign_keys(table), key=str),
            "unique": sorted(look.get_unique_constraints(table), key=str),
            "indexes": sorted(map(_index, look.get_indexes(table)), key=str),
            "checks": look.get_check_constraints(table),
        }
        for table in look.get_table_names()
        if table != "alembic_version"
    }


def test_columns_constraints_and_indexes_are_called_as_the_tables_say(
    empty: Engine, databases: Databases
) -> None:
    upgrade(empty)
    straight = make_engine(databases.empty())
    Base.metadata.create_all(straight)
    assert _shape(empty) == _shape(straight)
    assert _shape(empty)["block"]["key"]["name"] == "pk_block"
    assert _gives_numbers_once(empty) == _gives_numbers_once(straight)
    straight.dispose()


def _gives_numbers_once(engine: Engine) -> set[str]:
    """The tables in which SQLite never reuses a row's number; PostgreSQL never does."""
    if engine.dialect.name != "sqlite":
        return set()
    query = text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
    with engine.connect() as connection:
        return set(connection.scalars(query))


def test_an_upgrade_of_an_upgraded_database_does_nothing(engine: Engine) -> None:
    before = rows_of(engine)
    upgrade(engine)
    assert rows_of(engine) == before
    with engine.connect() as connection:
        assert step_of(connection) == newest_step() != ""


def test_the_names_of_the_files_are_the_steps_that_alembic_knows() -> None:
    script = ScriptDirectory.from_config(alembic_config())
    assert known_steps() == {step.revision for step in script.walk_revisions()}
    assert newest_step() == script.get_current_head()


def test_an_empty_database_has_no_step(empty: Engine) -> None:
    with empty.connect() as connection:
        assert step_of(connection) == ""
        assert inspect(connection).get_table_names() == []
        with pytest.raises(BadInputError, match="no database yet"):
            check_tables(connection)


def _upgrade(url: str, ready: Barrier) -> None:
    engine = make_engine(url)
    ready.wait()
    upgrade(engine)
    engine.dispose()


def test_two_processes_may_start_together(databases: Databases) -> None:
    url = databases.empty()
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Barrier(2)
    both = [spawn.Process(target=_upgrade, args=(url, ready)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
    assert [process.exitcode for process in both] == [0, 0]
    engine = make_engine(url)
    with engine.connect() as connection:
        check_tables(connection)
    engine.dispose()


def test_the_first_release_is_not_taken_back(empty: Engine) -> None:
    upgrade_to(empty, "r0001")
    before = _shape(empty)
    with (
        pytest.raises(RuntimeError, match="Nothing comes before the first release"),
        empty.begin() as connection,
    ):
        command.downgrade(alembic_config(connection), "base")
    assert _shape(empty) == before


@pytest.mark.parametrize(("step", "words"), [("r0008", "one map"), ("r0009", "a publication")])
def test_what_would_tell_more_is_not_given_back(empty: Engine, step: str, words: str) -> None:
    upgrade_to(empty, step)
    before = inspect(empty).get_columns("membership")
    with pytest.raises(RuntimeError, match=words), empty.begin() as connection:
        command.downgrade(alembic_config(connection), f"{step[:-1]}{int(step[-1]) - 1}")
    assert str(inspect(empty).get_columns("membership")) == str(before)


def test_an_export_of_a_quarter_is_kept(empty: Engine) -> None:
    old = ("INSERT INTO export (key, epoch, filename, mimetype, content, codebook)"
           " VALUES (:key, '2026-Q4', 'a.csv', 'text/csv', :content, 'words')")  # fmt: skip
    upgrade_to(empty, "r0003")
    with empty.begin() as connection:
        connection.execute(text(old), {"key": "a" * 64, "content": b"1,2"})
    upgrade(empty)
    with Session(empty) as session:
        kept = session.get_one(Export, "a" * 64)
        assert (kept.day, kept.content, kept.filename) == ("2026-Q4", b"1,2", "a.csv")


def test_the_number_of_a_member_who_left_is_given_to_nobody(engine: Engine) -> None:
    """A migration that copies a table on SQLite must declare again that numbers are not reused."""
    given = []
    for name in ("first", "second"):
        with Session(engine) as session, session.begin():
            member = Member(staff_name=name)
            session.add(member)
            session.flush()
            given.append(member.id)
            session.delete(member)
    assert given[0] != given[1]


def _call_step(connection: Connection, step: str) -> None:
    connection.execute(text("UPDATE alembic_version SET version_num = :step"), {"step": step})


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("0001", "before the first release"),
        ("0006", "before the first release"),
        ("r9999", "newer version"),
    ],
)
def test_a_database_of_another_time_is_refused_and_left_alone(
    engine: Engine, step: str, words: str
) -> None:
    with engine.begin() as connection:
        _call_step(connection, step)
    before = rows_of(engine)
    with pytest.raises(BadInputError, match=words):
        upgrade(engine)
    with engine.connect() as connection, pytest.raises(BadInputError, match=words):
        check_tables(connection)
    assert rows_of(engine) == before
    with engine.connect() as connection:
        assert step_of(connection) == step


# Migrations of a future release.

COPIES_MEMBERS = """
from alembic import op
import sqlalchemy as sa

revision, down_revision = "r9999", "NEWEST"


def upgrade():
    once = {"sqlite_autoincrement": True}
    with op.batch_alter_table("member", recreate=RECREATE, table_kwargs=once) as batch:
        batch.add_column(sa.Column("shoe", sa.Integer(), nullable=True))
"""
CUTS_LINKS = """
from alembic import op

revision, down_revision = "r9999", "NEWEST"


def upgrade():
    op.execute("DELETE FROM member")
"""


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for the next release's migrations; put its migration there."""
    migrations = tmp_path / "store" / "migrations"
    shutil.copytree(steps.PACKAGE / "store" / "migrations", migrations)
    monkeypatch.setattr(steps, "PACKAGE", tmp_path)
    return migrations / "versions" / "r9999_next.py"


def _with_a_speaker(engine: Engine) -> int:
    with Session(engine) as session, session.begin():
        member = Member(staff_name="Robin")
        session.add(member)
        session.flush()
        session.add(MemberLanguage(member_id=member.id, language="de"))
        return member.id


def test_a_step_that_copies_a_table_keeps_what_points_to_it(engine: Engine, release: Path) -> None:
    member_id = _with_a_speaker(engine)
    recreate = "always" if engine.dialect.name == "sqlite" else "never"
    newest = newest_step()
    release.write_text(COPIES_MEMBERS.replace("RECREATE", repr(recreate)).replace("NEWEST", newest))
    with engine.connect() as connection, pytest.raises(BadInputError, match="older version"):
        check_tables(connection)
    upgrade(engine)
    with engine.connect() as connection:
        check_tables(connection)
        assert step_of(connection) == "r9999"
        assert connection.scalars(select(MemberLanguage.member_id)).all() == [member_id]
        assert "shoe" in {column["name"] for column in inspect(connection).get_columns("member")}


def test_on_sqlite_a_step_that_would_cut_links_changes_nothing(
    engine: Engine, release: Path
) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL follows links during a step too, and needs no check after it")
    _with_a_speaker(engine)
    newest = newest_step()
    release.write_text(CUTS_LINKS.replace("NEWEST", newest))
    before = rows_of(engine)
    with pytest.raises(DataError, match="nothing was changed"):
        upgrade(engine)
    assert rows_of(engine) == before
    with engine.connect() as connection:
        assert step_of(connection) == newest
