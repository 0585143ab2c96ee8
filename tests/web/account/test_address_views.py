"""The pages of another address; asking tells nothing about it, down to the statement."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from mapapp.settings import Settings
from mapapp.store.members import Member
from mapapp.store.sign_in import WebSession
from mapapp.store.tables import Base
from mapapp.web.core.request_session import db
from tests.mail import links_in, newest_mail
from tests.trust import World

Login = Callable[..., FlaskClient]
PAGE = "/account/address"
NEW = "thrush@example.org"
KINDS = {
    "known": "known12@example.org",
    "suspended": "susp-12@example.org",
    "closed": "close12@example.org",
    "unknown": "other12@example.org",
}


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    with time_machine.travel("2026-11-22 12:00:00+00:00", tick=False):
        yield


def _link(session: Session, settings: Settings) -> str:
    session.rollback()
    return next(links_in(newest_mail(session, settings)))


def _rows(session: Session) -> Counter[str]:
    session.rollback()
    tables = Base.metadata.sorted_tables
    return Counter(
        {t.name: session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}
    )


def test_asking_does_the_same_for_every_address(
    app: Flask, world: World, session: Session, login: Login
) -> None:
    world.member(email=KINDS["known"], staff=True)
    world.member(email=KINDS["suspended"], suspended=True)
    world.member(email=KINDS["closed"], active=False)
    said: list[str] = []
    seen: dict[str, Any] = {}
    with app.app_context():
        engine = db.engine

    def _note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", _note)
    for kind, email in {"first": "first12@example.org", **KINDS}.items():
        mine = f"{kind}@example.net"
        browser = login(world.member(email=mine), on=app.test_client())
        before = _rows(session)
        said.clear()
        answer = browser.post(PAGE, data={"email": email})
        statements = tuple(said)
        headers = sorted((k, v) for k, v in answer.headers.items() if k != "Set-Cookie")
        page = re.sub("<[^>]*>", "", browser.get(PAGE).text).replace(mine, "")  # no tokens
        made = _rows(session) - before
        seen[kind] = (answer.status_code, answer.data, headers, page, statements, made)
    event.remove(engine, "before_cursor_execute", _note)
    for kind in KINDS:
        assert seen[kind] == seen["unknown"], kind
    assert seen["unknown"][0] == 303
    assert "We sent a link to the new address." in seen["unknown"][3]
    assert seen["unknown"][5] == {"address_change": 1, "outbox": 1, "quota": 2}


def test_from_the_form_to_the_other_address_and_back(
    app: Flask,
    wren: Member,
    client: FlaskClient,
    session: Session,
    settings: Settings,
    login: Login,
) -> None:
    elsewhere = login(wren, on=app.test_client())
    asked = client.post(PAGE, data={"email": NEW})
    assert (asked.status_code, asked.location) == (303, PAGE)
    link = _link(session, settings)
    assert "wr…@example.org" in client.get(link).text
    assert NEW not in client.get(PAGE).text  # opening it changed nothing
    changed = client.post(link)
    assert (changed.status_code, changed.location) == (303, PAGE)
    assert NEW in client.get(PAGE).text
    assert elsewhere.get(PAGE).location == f"/sign-in?next={PAGE}"
    assert client.post(link).status_code == 410
    undo, visitor = _link(session, settings), app.test_client()
    assert "thrush" not in visitor.get(undo).text  # who reads the old mail need not know the new
    assert client.get(PAGE).status_code == 200
    assert visitor.post(undo).location == f"{PAGE}/undone"
    assert "yours again" in visitor.get(f"{PAGE}/undone").text
    assert client.get(PAGE).location == f"/sign-in?next={PAGE}"
    assert visitor.get(undo).status_code == visitor.post(undo).status_code == 410


def test_the_link_opens_to_nobody_else(
    app: Flask, wren: Member, client: FlaskClient, world: World, login: Login
) -> None:
    client.post(PAGE, data={"email": NEW})
    link = _link(world.session, world.settings)
    assert app.test_client().post(link).location.startswith("/sign-in?")
    other = login(world.member(), on=app.test_client())
    assert (other.get(link).status_code, other.post(link).status_code) == (410, 410)
    assert client.get(link).status_code == 200
    world.member(email=NEW)
    world.session.commit()
    taken = client.post(link)
    assert taken.status_code == 409
    assert "already has another account" in taken.text
    assert client.get(link).status_code == 200


@pytest.mark.parametrize("typed", ["", "wren@example", "wren@example.org"])
def test_a_wrong_address_is_refused_beside_the_field(
    wren: Member, client: FlaskClient, session: Session, typed: str
) -> None:
    before = session.scalar(select(func.count()).select_from(WebSession))
    answer = client.post(PAGE, data={"email": typed})
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.text
    session.rollback()
    assert session.scalar(select(func.count()).select_from(WebSession)) == before
