"""No page reads all members, or all that they wrote: the plan of each statement is looked at."""

import re

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Session

from mapapp.settings import Settings
from tests import factories
from tests.growing import FEW, GROWING, SMALL, TABLES, WAITING
from tests.languages.walking import STARTS, Walker
from tests.languages.world import live
from tests.lifted_limits import lift_limits
from tests.places import zone_at_band
from tests.plans import Asked, believe_in_many, faults_of, taken_down
from tests.signed_in import sign_in
from tests.trust import AREAS, LEEDS

FAR, CROWD = zone_at_band(LEEDS, 8), 40
LISTS = (
    f"/conditions/dystonia/areas/{AREAS.code[0]}/people.json",
    f"/conditions/dystonia/areas/{AREAS.code[LEEDS]}/people.json",
    f"/conditions/dystonia/nearby?area={LEEDS}&language=de&language=fr",
    f"/conditions/dystonia/nearby?area={LEEDS}&role=self",
    f"/conditions/dystonia/nearby?area={LEEDS}&age=mine",
    "/conditions/dystonia/areas/world?age=mine",
    "/conditions/dystonia/questions/treatments/answers?role=self",
    "/conditions/dystonia/questions/treatments/answers?order=newest&role=self",
    "/conditions/dystonia/feed.atom",
    "/questions?q=слово",
)
READ_WHOLE = {
    r"SELECT l\.public_id, .* (ON l\.area_id = a\.value|l\.area_id = ANY)": "Cards of some areas: "
    "of each those below a hash that leaves about four pages, or all where these are fewer.",
    r"SELECT condition\.slug, question\.slug": "The sitemap lists each question that is answered.",
    r"SELECT question\.slug, question\.title, .* LIKE": "A search looks into each text until it "
    "has 50 questions: no index knows the words yet.",
    r"SELECT .* FROM moderation_case": "The page of moderators counts the cases they work on.",
    r"SELECT export\.content FROM export": "The files that wait for the worker, which are few: "
    "each leaves them when it is made.",
    r"SELECT .* FROM outbox": "The page of admins shows the mail that waits for the worker.",
    r"UPDATE question SET answers=": "An act that shows or hides an answer counts those of its "
    "question anew, in an index that has all it takes: no sum can drift.",
}
"""Statements that may read or sort what grows, and why."""


@pytest.fixture
def asked(
    app: Flask, session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> list[Asked]:
    """Every statement of a visitor, of members and of staff who read all pages and send forms."""
    lift_limits(monkeypatch)
    lived = live(session, settings)
    # People elsewhere, whom lists of an area do not read.
    factories.make_crowd(session, factories.make_condition(session, "dystonia"), FAR, CROWD)
    session.commit()
    # Published live, each act would do the publisher's work as well.
    app.extensions["mapapp_settings"] = settings.model_copy(update={"publish": "daily@04:00"})
    people = [Walker(app, app.test_client())]
    for name, member in lived.members.items():
        people.append(Walker(app, app.test_client(), name))
        sign_in(people[-1].client, member.id, member.session_handle)
    with taken_down() as found:
        for one in people:
            one.walk((*STARTS, *LISTS, *lived.paths))
        for one in people:
            one.send_forms()
    return list(found.values())


@pytest.mark.both
def test_no_statement_reads_or_sorts_all_members(asked: list[Asked], engine: Engine) -> None:
    assert len(asked) > 180
    with engine.connect() as connection:
        _prepare(connection)
        found = [fault for one in asked if not _may(one) for fault in faults_of(connection, one)]
    assert not found, "\n".join(map(str, found))
    unused = [words for words in READ_WHOLE if not any(_is(words, one) for one in asked)]
    assert unused == []


BAD = {
    "SELECT pseudonym FROM membership ORDER BY pseudonym LIMIT 20": "ordered by no index",
    "SELECT count(*) FROM membership WHERE condition_id = 1": "a whole map, in an index",
    "SELECT member_id FROM membership WHERE birth_decade = 1980": "a column without an index",
    "SELECT id FROM post WHERE question_id = 1 AND state = 'sent' ORDER BY day DESC LIMIT 20": (
        "found in an index, ordered by none"
    ),
    "SELECT count(*) FROM report JOIN moderation_case ON moderation_case.id = report.case_id": (
        "all rows of two tables"
    ),
    "DELETE FROM message WHERE day < '2026-01-01'": "an act that looks at every row",
}
"""Statements as somebody could write them, and what is wrong with each."""
GOOD = (
    "SELECT id FROM post WHERE question_id = 1 AND state = 'sent' ORDER BY rank DESC LIMIT 20",
    "SELECT area_id FROM membership WHERE member_id = 1 ORDER BY pseudonym",
    "SELECT name FROM condition ORDER BY about",
)


@pytest.mark.both
def test_what_reads_or_sorts_all_members_is_found_and_nothing_else(
    session: Session, settings: Settings, engine: Engine
) -> None:
    live(session, settings)
    with engine.connect() as connection:
        _prepare(connection)
        faults = {
            words: faults_of(connection, Asked("a page", words, ())) for words in (*BAD, *GOOD)
        }
    assert [words for words in BAD if not faults[words]] == []
    assert {words: found for words, found in faults.items() if found and words in GOOD} == {}


def test_what_goes_with_a_row_is_found_by_an_index() -> None:
    """Deleting a row looks for those that hang on it, which no plan of a statement shows."""
    links = [
        link
        for name in sorted(GROWING)
        for link in TABLES[name].foreign_key_constraints
        if link.referred_table.name in GROWING
    ]
    assert len(links) > 30
    assert [str(link.name) for link in links if not _has_index(link)] == []


def test_exceptions_are_of_tables_and_indexes_that_there_are() -> None:
    indexes = {index.name for table in TABLES.values() for index in table.indexes}
    assert SMALL.keys() <= TABLES.keys()
    assert indexes >= WAITING.keys()
    columns = {str(column) for table in TABLES.values() for column in table.columns}
    assert columns >= FEW.keys()


def _has_index(link: ForeignKeyConstraint) -> bool:
    """Whether the columns of a link stand first in an index or a key of its table."""
    table, wanted = link.table, set(link.column_keys)
    keys = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    orders = [one.columns.keys() for one in (table.primary_key, *keys, *table.indexes)]
    return any(set(order[: len(wanted)]) == wanted for order in orders)


def _prepare(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        believe_in_many(connection)


def _is(pattern: str, asked: Asked) -> bool:
    return re.match(pattern, " ".join(asked.words.split())) is not None


def _may(asked: Asked) -> bool:
    return any(_is(pattern, asked) for pattern in READ_WHOLE)
