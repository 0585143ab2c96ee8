"""No finished answer is older than the last commit that concerns it, whoever made that."""

import subprocess
import sys
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from mapapp.actions.knowledge.question_list import take_from_set
from mapapp.actions.published import publisher
from mapapp.actions.published.publishing import publish
from mapapp.settings import Settings
from mapapp.store import facts
from mapapp.store.database import transaction
from mapapp.web.published import finished_answers
from tests.finished import ALL, Whole, emptied, fill_pages, whole, without
from tests.finished_acts import CHANGING, Act, edit_something, erase_somebody, write_something
from tests.posts import Board
from tests.worlds import counted_queries

FIND_ME = {"indexed": True, "named_to": "nobody"}
TITLE = "How do you sleep with it?"


@pytest.fixture(autouse=True)
def _stopped_clock(app: Flask) -> Iterator[None]:
    emptied(app)
    with time_machine.travel("2026-11-24 10:00:00+00:00", tick=False):
        yield


@pytest.fixture
def people(board: Board, session: Session) -> SimpleNamespace:
    """Those who act, beside a site with something on each page."""
    condition = fill_pages(session)
    found = SimpleNamespace(
        condition=condition,
        writer=board.somebody("public"),
        quiet=board.member(),
        named=board.somebody("public", pseudonym="Named Person"),
        admin=board.member(staff=True),
        mod=board.moderator(),
    )
    found.other_id = take_from_set(session, condition.id, "work")
    board.write(found.writer, question_id=found.other_id, **FIND_ME)
    board.write(found.named, question_id=found.other_id, indexed=True, named_to="public")
    session.commit()
    return found


def _all(client: FlaskClient) -> dict[str, Whole]:
    return {address: whole(client, address) for address in ALL}


@pytest.mark.both
@pytest.mark.parametrize("act", CHANGING)
def test_the_next_answer_after_an_act_is_new(
    app: Flask, client: FlaskClient, board: Board, people: SimpleNamespace, act: Act
) -> None:
    before = _all(client)
    assert _all(client) == before
    act(board, people)
    board.session.commit()
    after = _all(client)
    with without(app):
        assert _all(client) == after
    assert after != before


@pytest.mark.both
def test_what_was_rolled_back_changes_nothing(
    client: FlaskClient, board: Board, people: SimpleNamespace, engine: Engine
) -> None:
    before, version = _all(client), _version(engine)
    for act in (edit_something, write_something, erase_somebody):
        act(board, people)
        board.session.flush()
        board.session.rollback()
        assert (_all(client), _version(engine)) == (before, version)


@pytest.mark.both
def test_what_nobody_reads_here_leaves_the_answers(
    app: Flask, client: FlaskClient, board: Board, people: SimpleNamespace, engine: Engine
) -> None:
    waiting = board.settings.model_copy(update={"publish": "daily@04:00"})
    _all(client)
    version = _version(engine)
    board.settings = waiting
    for name in ("One", "Two"):
        board.place(board.member(pseudonym=name), "public")
        board.session.commit()
    board.conversation(people.writer, people.named)
    board.session.commit()
    assert _version(engine) == version
    with counted_queries(app) as queries:
        _all(client)
    assert not [query for query in queries if "site_fact.value" not in query]


@pytest.mark.both
def test_a_publication_comes_with_its_flip(
    app: Flask,
    client: FlaskClient,
    board: Board,
    people: SimpleNamespace,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting = board.settings.model_copy(update={"publish": "daily@04:00"})
    board.settings = waiting
    publish(engine, waiting, int(time.time()), until=0)  # the first of a month keeps its totals
    board.place(people.quiet, "public")
    board.session.commit()
    before, version = _all(client), _version(engine)
    flips: list[str] = []
    flip = publisher.flip

    def _flip(session: Session, **given: Any) -> None:
        flips.append(_version(engine))
        assert _all(client) == before
        flip(session, **given)

    monkeypatch.setattr(publisher, "flip", _flip)
    publish(engine, waiting, int(time.time()), until=2**62)
    assert flips == [version]
    assert _version(engine) != version
    after = _all(client)
    assert after != before
    with without(app):
        assert _all(client) == after


@pytest.mark.both
def test_another_connection_is_seen(
    client: FlaskClient, people: SimpleNamespace, settings: Settings, session: Session
) -> None:
    assert whole(client, "/conditions/dystonia")[0] == 200
    session.rollback()
    code = (
        "import sys\n"
        "from sqlalchemy import update\n"
        "from mapapp.store import tables\n"
        "from mapapp.store.conditions import Condition\n"
        "from mapapp.store.database import make_engine, transaction\n"
        "with transaction(make_engine(sys.argv[1])) as session:\n"
        "    session.execute(update(Condition).values(shown=False))\n"
    )
    url = settings.sqlalchemy_url
    subprocess.run([sys.executable, "-c", code, url], check=True)
    assert whole(client, "/conditions/dystonia")[0] == 404


def test_tomorrow_it_is_made_anew(
    client: FlaskClient, people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    whole_answer = finished_answers._whole

    def _counted(*given: object) -> object:
        made.append(1)
        return whole_answer(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(finished_answers, "_whole", _counted)
    for day in (24, 24, 25):
        with time_machine.travel(f"2026-11-{day} 10:00:00+00:00", tick=False):
            answer = dict(whole(client, "/conditions/dystonia")[1])
            assert f"{day} Nov 2026" in answer["Date"]
    assert len(made) == 2


def test_the_date_is_that_of_sending(client: FlaskClient) -> None:
    for second in ("01", "02"):
        with time_machine.travel(f"2026-11-24 10:00:{second}+00:00", tick=False):
            assert f":{second} GMT" in dict(whole(client, "/privacy")[1])["Date"]


def test_without_its_database_flask_answers(
    app: Flask, client: FlaskClient, people: SimpleNamespace, engine: Engine
) -> None:
    before = whole(client, "/conditions/dystonia")
    with transaction(engine) as session:
        session.execute(text("ALTER TABLE site_fact RENAME TO gone"))
    with without(app):
        wanted = whole(client, "/privacy")
    assert whole(client, "/privacy") == wanted
    with transaction(engine) as session:
        session.execute(text("ALTER TABLE gone RENAME TO site_fact"))
    assert whole(client, "/conditions/dystonia") == before


def _version(engine: Engine) -> str:
    with Session(engine) as session:
        return facts.fact(session, facts.PUBLIC_VERSION)
