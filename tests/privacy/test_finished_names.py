"""Readers of kept answers that name people are metered as Flask does it (privacy rule 6)."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.members import place_set
from mapapp.app import create_app
from mapapp.domain.safety import reading_limits
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.limits import Reading
from mapapp.store.members import Member, Membership
from mapapp.store.moderation import Case
from mapapp.web.core.request_session import db
from tests.finished import BROWSER, emptied, without
from tests.places import zones_of
from tests.searchable import make_post, make_question
from tests.worlds import HERE, counted_queries

PAGE = f"/conditions/dystonia/areas/{HERE}"
JSON = f"{PAGE}/people.json"
QUESTION = "/conditions/dystonia/questions/heredity"
TEXTS = (QUESTION, f"{QUESTION}/answers", "/conditions/dystonia/stories")
BOTH = pytest.mark.parametrize("path", [PAGE, JSON, *TEXTS])
FIRST, SECOND, THIRD = "203.0.113.1", "203.0.113.2", "203.0.113.3"
PEOPLE = 5

Whole = tuple[int, list[tuple[str, str]], bytes]


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    with time_machine.travel("2026-11-24 10:00:00+00:00", tick=False):
        yield


@pytest.fixture
def condition(app: Flask, session: Session, make_condition: Any, make_membership: Any) -> Condition:
    made: Condition = make_condition("dystonia")
    asked = make_question(session, made)
    for _ in range(PEOPLE):
        one = make_membership(made, zones_of(HERE)[0], visibility="public")
        writer = session.get_one(Member, one.member_id)
        make_post(session, made, asked, member=writer, named_to="public")
        make_post(session, made, member=writer, named_to="public", title="My year")
    session.commit()
    emptied(app)
    return made


def read(client: FlaskClient, path: str, address: str, method: str = "GET", **more: str) -> Whole:
    """Return all that a visitor from ``address`` gets, who takes no cookie along."""
    headers = {"Accept-Encoding": BROWSER, **{k.replace("_", "-"): v for k, v in more.items()}}
    got: Any = client.open(
        path, method=method, headers=headers, environ_overrides={"REMOTE_ADDR": address}
    )
    return got.status_code, sorted(got.headers.items()), got.data


def noted(session: Session) -> list[tuple[int, int]]:
    """Return how many people and areas each reader was shown or asked for today."""
    session.rollback()
    rows = session.execute(select(Reading.people, Reading.areas))
    found = [reading_limits.Marks(row.people, row.areas).numbers for row in rows]
    return sorted((one["people"], one["areas"]) for one in found)


def shown(path: str) -> tuple[int, int]:
    """Return how many people a page names, and in how many areas."""
    return PEOPLE, int(path not in TEXTS)


@pytest.mark.both
@BOTH
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_each_reader_of_a_kept_answer_is_noted_as_by_flask(
    app: Flask, client: FlaskClient, session: Session, condition: Condition, path: str, method: str
) -> None:
    readers = (FIRST, SECOND, SECOND, "2001:db8:1::1", "2001:db8:1:2::9")
    with without(app):
        wanted = [read(client, path, address, method) for address in readers]
    as_flask = noted(session)
    assert as_flask == [shown(path)] * 3  # two of IPv6 are one network
    session.execute(delete(Reading))
    session.commit()
    assert [read(client, path, address, method) for address in readers] == wanted
    assert noted(session) == as_flask


@BOTH
def test_who_says_what_they_have_is_metered_before_the_304(
    client: FlaskClient, session: Session, condition: Condition, path: str
) -> None:
    tag = dict(read(client, path, FIRST)[1])["ETag"]
    assert read(client, path, SECOND, If_None_Match=tag)[0] == 304
    assert noted(session) == [shown(path)] * 2


@BOTH
def test_the_second_reading_of_a_day_asks_the_database_for_the_version_alone(
    app: Flask, client: FlaskClient, condition: Condition, path: str
) -> None:
    for address in (FIRST, SECOND):
        wanted = read(client, path, address)
    for address in (FIRST, SECOND):
        with counted_queries(app) as queries:
            assert read(client, path, address) == wanted
        assert not [query for query in queries if "site_fact.value" not in query]


@pytest.mark.both
@BOTH
def test_who_has_read_too_much_gets_what_flask_says(
    app: Flask,
    client: FlaskClient,
    session: Session,
    condition: Condition,
    make_membership: Any,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
) -> None:
    elsewhere = "DE-HH"
    make_membership(condition, zones_of(elsewhere)[0], visibility="public")
    session.commit()
    monkeypatch.setattr(reading_limits, "MOST_PEOPLE", PEOPLE)
    other = PAGE.replace(HERE, elsewhere)
    full = read(client, path, FIRST)  # kept
    read(client, other, SECOND)  # one person: four are left
    partly = read(client, path, SECOND)
    assert partly[2] != full[2]
    with without(app):
        assert read(client, path, SECOND) == partly
    areas = shown(path)[1]
    assert noted(session) == [(PEOPLE, areas), (PEOPLE + 1, 1 + areas)]
    assert len(session.scalars(select(Case)).all()) == 1  # moderators are told once
    assert read(client, path, FIRST) == full  # who was shown them before is shown them again
    assert read(client, path, THIRD) == full  # what was withheld from one is not kept for others


@pytest.mark.both
@BOTH
def test_who_hides_is_in_no_answer_any_more(
    client: FlaskClient, session: Session, settings: Settings, condition: Condition, path: str
) -> None:
    someone = session.scalars(select(Membership)).first()
    assert someone is not None
    who, name = someone.member_id, someone.pseudonym.encode()
    daily = settings.model_copy(update={"publish": "daily@04:00"})
    for address in (FIRST, SECOND):
        assert name in _plain(client, path, address)
    session.rollback()  # reading has written
    place_set.remove(Context(session, daily), who, condition.id)
    session.commit()
    for address in (FIRST, SECOND, THIRD):
        assert name not in _plain(client, path, address)


def _plain(client: FlaskClient, path: str, address: str) -> bytes:
    got: Any = client.get(path, environ_overrides={"REMOTE_ADDR": address})
    assert "private" in got.headers["Cache-Control"]  # no proxy keeps it
    body: bytes = got.data
    return body


@pytest.mark.own_site
@BOTH
def test_behind_a_proxy_readers_are_told_apart_as_flask_does(
    settings: Settings, session: Session, condition: Condition, path: str
) -> None:
    app = create_app(settings.model_copy(update={"trusted_proxies": 1}))
    try:
        client = app.test_client()
        for address in (FIRST, SECOND, SECOND):
            read(client, path, "10.0.0.1", X_Forwarded_For=address)
        assert noted(session) == [shown(path)] * 2
    finally:
        with app.app_context():
            db.engine.dispose()


def test_the_limit_is_one_of_a_day(
    client: FlaskClient, session: Session, condition: Condition
) -> None:
    read(client, PAGE, FIRST)
    with time_machine.travel("2026-11-25 10:00:00+00:00", tick=False):
        read(client, PAGE, FIRST)
        read(client, PAGE, FIRST)
    assert noted(session) == [(PEOPLE, 1)] * 2
