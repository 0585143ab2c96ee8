"""Each transaction that changes what visitors read says so, once, and no other does."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, event, select, text, update
from sqlalchemy.orm import Session

from mapapp.store import facts
from mapapp.store.base import Base
from mapapp.store.conditions import Condition
from mapapp.store.database import transaction
from mapapp.store.limits import Quota
from mapapp.store.members import Member, Membership
from mapapp.store.posts import Post
from mapapp.store.public_version import NOT_SHOWN, PublicVersion, is_shown_change
from mapapp.store.published import AreaNumbers
from tests.finished import ALL, emptied, fill_pages
from tests.worlds import counted_queries

READ_ALL_THE_SAME = {"member", "membership", "quota", "reading"}
"""Tables that are asked for a finished answer although they are not shown: whether the writer of a
text is there (deleting a member counts as a change), their name (so does renaming one), how many
maps somebody had made in this hour, and whom they have read of today."""


def test_the_tables_exist() -> None:
    assert Base.metadata.tables.keys() >= NOT_SHOWN


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("INSERT INTO post (id) VALUES (?)", True),
        ('INSERT INTO "post" (id) VALUES (?)', True),
        ("INSERT OR IGNORE INTO post (id) VALUES (?)", True),
        ("REPLACE INTO post (id) VALUES (?)", True),
        ("  update post SET text=?", True),
        ("UPDATE ONLY post SET text=?", True),
        ("DELETE FROM post WHERE id = ?", True),
        ("WITH gone AS (SELECT 1) DELETE FROM post", True),
        ("WITH found AS (SELECT 1) SELECT * FROM found", False),
        ("SELECT * FROM post", False),
        ("SELECT 'UPDATE post'", False),
        ("INSERT INTO quota (subject) VALUES (?)", False),
        ("UPDATE member SET active=?", False),
        ("UPDATE membership SET area_id=? WHERE membership.member_id = ?", False),
        ("UPDATE membership SET area_id=?, pseudonym=? WHERE membership.member_id = ?", True),
        ("SELECT membership.pseudonym FROM membership WHERE membership.member_id = ?", False),
        ("INSERT INTO membership (pseudonym) VALUES (?)", False),
        ("DELETE FROM member WHERE id = ?", True),  # what they wrote goes with them
        ("DELETE FROM condition", True),
        ("DELETE FROM web_session", False),
        ("UPDATE question SET reads=?", True),
        ("INSERT INTO alembic_version (number) VALUES (?)", False),
        ("PRAGMA user_version", False),
    ],
)
def test_what_counts_as_a_change(statement: str, expected: bool) -> None:
    assert is_shown_change(statement) is expected


@pytest.mark.parametrize("table", sorted(set(Base.metadata.tables) - NOT_SHOWN))
def test_every_other_table_counts(table: str) -> None:
    """A table that is added later is shown until somebody says that it is not."""
    for verb in ("INSERT INTO", "UPDATE", "DELETE FROM"):
        assert is_shown_change(f"{verb} {table} ")


@pytest.mark.parametrize(
    "table", ["post", "question", "condition", "site_fact", "area_numbers", "listing"]
)
def test_what_visitors_read_is_not_left_out(table: str) -> None:
    assert table not in NOT_SHOWN


def _version(engine: Engine) -> str:
    with Session(engine) as session:
        return facts.fact(session, facts.PUBLIC_VERSION)


def test_a_change_is_told_once(engine: Engine, make_condition: Callable[..., Condition]) -> None:
    told: list[str] = []

    def _note(_connection: Any, _cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO site_fact") and facts.PUBLIC_VERSION in str(given):
            told.append(statement)

    event.listen(engine, "before_cursor_execute", _note)
    try:
        before = _version(engine)
        with transaction(engine) as session:
            session.execute(update(Condition).values(about="New words."))
            session.execute(update(Condition).values(about="Newer words."))
            with session.begin_nested():
                session.execute(delete(Post))
        assert len(told) == 1
        assert _version(engine) != before
        with transaction(engine) as session:  # the same connection, which has forgotten
            session.execute(select(Condition.id))
            session.execute(delete(Quota))
        with transaction(engine, write=False) as session:
            session.execute(select(Condition.id))
        assert len(told) == 1
        with Session(engine) as session:
            session.execute(update(Condition).values(about="Never said."))
            session.rollback()
            session.execute(select(Condition.id))
            session.commit()
        with engine.connect() as connection:
            connection.execute(select(Condition.id))
            connection.commit()
        assert len(told) == 1
        with engine.begin() as connection:
            connection.execute(text("UPDATE condition SET about = 'In plain SQL.'"))
        assert len(told) == 2
    finally:
        event.remove(engine, "before_cursor_execute", _note)


def test_what_is_written_beside_is_not_told(engine: Engine) -> None:
    before = _version(engine)
    with transaction(engine, beside=True) as session:
        session.add(AreaNumbers(condition_id=1, publication=99, numbers=b""))
    assert _version(engine) == before
    with transaction(engine) as session:
        session.add(AreaNumbers(condition_id=2, publication=99, numbers=b""))
    assert _version(engine) != before


def test_a_reader_tells_of_each_commit(engine: Engine) -> None:
    version = PublicVersion(engine)
    try:
        first = version.now()
        assert first is not None
        assert version.now() == first
        with transaction(engine) as session:
            session.execute(update(Condition).values(about="Words."))
            session.flush()
            if engine.dialect.name == "sqlite":
                assert version.now() == first  # not committed yet
        second = version.now()
        assert second == _version(engine) != first
        with transaction(engine) as session:
            session.execute(delete(Quota))
        assert version.now() == second
        version.close()
        assert version.now() == second
    finally:
        version.close()


def test_without_a_database_it_tells_nothing(engine: Engine, tmp_path: Any) -> None:
    if engine.dialect.name == "sqlite":
        gone = PublicVersion(_Elsewhere(tmp_path / "none.sqlite"))  # type: ignore[arg-type]
        assert gone.now() is None
        assert not (tmp_path / "none.sqlite").exists()
        return
    with transaction(engine) as session:
        session.execute(text("DROP TABLE site_fact"))
    assert PublicVersion(engine).now() is None


class _Elsewhere:
    """As much of an engine as is looked at."""

    def __init__(self, path: Any) -> None:
        self.dialect = type("Dialect", (), {"name": "sqlite"})
        self.url = type("Url", (), {"database": str(path)})


def test_finished_answers_read_no_table_that_is_not_shown(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    fill_pages(session)
    for address in ALL:
        emptied(app)
        with counted_queries(app) as queries:
            assert client.get(address).status_code == 200
        read = {
            table
            for query in queries
            for found in re.finditer(r"(?:FROM|JOIN) ([\w, ]+)", query)
            for table in re.findall(r"\w+", found[1])
        }
        hidden = NOT_SHOWN - READ_ALL_THE_SAME
        assert not read & hidden, (address, read & hidden)


def test_nothing_but_names_is_read_from_it(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    """Why memberships need not count: what is true, but not on a card, changes no page."""
    fill_pages(session)
    emptied(app)
    before = {address: client.get(address).data for address in ALL}
    session.execute(update(Membership).values(area_id=2, role="carer", month="2020-01"))
    session.execute(update(Member).values(suspended=True))
    session.commit()
    emptied(app)
    assert {address: client.get(address).data for address in ALL} == before
