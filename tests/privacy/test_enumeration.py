"""Asking for a link does the same for every address, down to the statement (privacy rule 4).

Times are measured by ``scripts/attack_sign_in.py``; a test on a busy machine would prove nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from mapapp.store.conditions import Condition
from mapapp.store.members import Member, Membership
from mapapp.store.tables import Base
from mapapp.web.core.request_session import db
from tests.forms import place_form
from tests.trust import LEEDS

# All have the same length, so that only their kind differs.
KINDS = {
    "known": "known12@example.org",
    "suspended": "close12@example.org",
    "unknown": "other12@example.org",
    "with a tag": "wren+12@example.org",
    "capitals": "WREN123@Example.ORG",
}
IMPOSSIBLE = {
    "two dots": "wr..n12@example.org",
    "dot at the end": "wrens1.@example.org",
    "no top level": "wrens123@examplerog",
    "hyphen first": "wren12@-example.org",
    "two dots in the domain": "wren12@example..org",
    "foreign letter": "wrén123@example.org",
    "underscore": "wren123@exam_le.org",
    "quoted": '"wr.n12"@example.or',
    "number": "wren123@[192.0.2.7]",
    "like a known one": "known12@example.or g",
}


JOIN = "/conditions/dystonia/join"
FORMS: dict[str, dict[str, object]] = {"/sign-in": {"next": "/inbox"}, JOIN: place_form()}


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    with time_machine.travel("2026-11-22 12:00:00+00:00", tick=False):
        yield


@dataclass(frozen=True)
class Seen:
    """Everything that one request left behind."""

    status: int
    body: bytes
    headers: str
    cookies: list[int]
    page: bytes
    statements: tuple[str, ...]
    rows: dict[str, int]


@pytest.fixture
def said(app: Flask) -> Iterator[list[str]]:
    """Every statement that the site sends to its database."""
    statements: list[str] = []

    def _note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", _note)
    yield statements
    event.remove(engine, "before_cursor_execute", _note)


def _rows(session: Session) -> Counter[str]:
    session.rollback()
    tables = Base.metadata.sorted_tables
    counts = {t.name: session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}
    session.rollback()
    return Counter(counts)


def _ask(app: Flask, session: Session, said: list[str], email: str, way: str = "/sign-in") -> Seen:
    browser = app.test_client()
    browser.get("/sign-in")
    before = _rows(session)
    said.clear()
    answer = browser.post(way, data=FORMS[way] | {"email": email})
    statements = tuple(said)
    headers = {k: v for k, v in answer.headers.items() if k != "Set-Cookie"}
    return Seen(
        answer.status_code,
        answer.data,
        str(sorted(headers.items())),
        [len(one) for one in answer.headers.getlist("Set-Cookie")],
        browser.get("/sign-in/code").data,
        statements,
        dict(_rows(session) - before),
    )


@pytest.fixture(params=FORMS)
def seen(
    app: Flask,
    session: Session,
    said: list[str],
    make_member: Callable[..., Member],
    make_membership: Callable[..., Membership],
    make_condition: Callable[..., Condition],
    request: pytest.FixtureRequest,
) -> dict[str, Seen]:
    """What was seen of each kind, after another person had asked from the same network.

    Once for signing in alone, and once for those who chose a place, which waits for the link.
    """
    known = make_member(email=KINDS["known"], staff=True)
    make_membership(make_condition("dystonia"), LEEDS, member=known)
    make_member(email=KINDS["suspended"], active=False)
    session.commit()
    _ask(app, session, said, "first12@example.org", request.param)
    return {kind: _ask(app, session, said, email, request.param) for kind, email in KINDS.items()}


def test_every_kind_of_address_gets_the_same_in_every_respect(seen: dict[str, Seen]) -> None:
    for kind, one in seen.items():
        assert one == seen["known"], kind


@pytest.mark.parametrize("kind", IMPOSSIBLE)
def test_what_is_no_address_is_refused_for_its_text_alone(
    app: Flask, session: Session, said: list[str], make_member: Callable[..., Member], kind: str
) -> None:
    make_member(email=KINDS["known"])
    session.commit()
    one = _ask(app, session, said, IMPOSSIBLE[kind])
    assert one.status == 400
    assert one.rows == {}
    assert not any("member" in s.lower().replace("member_id", "") for s in one.statements)


def test_it_is_worth_comparing(seen: dict[str, Seen]) -> None:
    one = seen["unknown"]
    assert one.status == 303
    assert b"mail is on its way to the address you typed, unless we have sent 3 there" in one.page
    assert one.rows == {"outbox": 1, "quota": 1, "sign_in_link": 1, "web_session": 1}
    assert len(one.statements) > 5
    assert not any("member" in s.lower().replace("member_id", "") for s in one.statements)
