"""Whatever is wrong with a passkey, the refusal is the same; a challenge works once."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.store.members import Member
from mapapp.store.sign_in import WebSession
from tests.authenticator import Device, add_passkey, enter, offer

NOW = 1_795_000_000
LATER = 5 * 60
Login = Callable[..., FlaskClient]
Make = Callable[..., Member]


@pytest.fixture
def member(make_member: Make) -> Member:
    return make_member()


def _without_token(page: str) -> str:
    return re.sub(r'(name="csrf_token" value=")[^"]+', r"\1", page)


def _is_in(client: FlaskClient) -> bool:
    return client.get("/places").status_code == 200


def test_every_refusal_is_the_same(
    app: Flask, session: Session, login: Login, member: Member, make_member: Make
) -> None:
    device = add_passkey(login(member))
    assert enter(app.test_client(), device).status_code == 303
    closed = make_member()
    of_closed = add_passkey(login(closed, on=app.test_client()))
    closed.active = False
    session.commit()

    def _replayed() -> Any:
        visitor = app.test_client()
        said = device.get(offer(visitor, "/sign-in/passkey/options"))
        visitor.post("/sign-in/passkey", data={"credential": said})
        visitor.post("/sign-out")
        return visitor.post("/sign-in/passkey", data={"credential": said, "next": "/inbox"})

    def _of_another_session() -> Any:
        said = device.get(offer(app.test_client(), "/sign-in/passkey/options"))
        visitor = app.test_client()
        offer(visitor, "/sign-in/passkey/options")
        return visitor.post("/sign-in/passkey", data={"credential": said, "next": "/inbox"})

    tries: list[Any] = [
        enter(app.test_client(), Device()),
        enter(app.test_client(), of_closed),
        enter(app.test_client(), device, signed=b"something else"),
        enter(app.test_client(), device, origin="http://evil.example"),
        enter(app.test_client(), device, rp_id="evil.example"),
        enter(app.test_client(), device, verified=False),
        enter(app.test_client(), device, count=0),
        _replayed(),
        _of_another_session(),
        app.test_client().post("/sign-in/passkey", data={"credential": "{", "next": "/inbox"}),
        app.test_client().post("/sign-in/passkey", data={"next": "/inbox"}),
    ]
    headers = [{k: v for k, v in t.headers.items() if k != "Set-Cookie"} for t in tries]
    assert {t.status_code for t in tries} == {403}
    assert len({_without_token(t.text) for t in tries}) == 1
    assert all(one == headers[0] for one in headers)
    assert "was not accepted" in tries[0].text
    assert 'value="/inbox"' in tries[0].text  # where they were going is not lost


def test_a_challenge_is_forgotten_by_the_first_try(
    app: Flask, login: Login, member: Member
) -> None:
    device, visitor = add_passkey(login(member)), app.test_client()
    options = offer(visitor, "/sign-in/passkey/options")
    assert visitor.post("/sign-in/passkey", data={"credential": "{}"}).status_code == 403
    said = device.get(options)
    assert visitor.post("/sign-in/passkey", data={"credential": said}).status_code == 403
    assert not _is_in(visitor)


def test_a_challenge_ends_after_five_minutes(app: Flask, login: Login, member: Member) -> None:
    with time_machine.travel("2026-11-22 12:00:00+00:00", tick=False) as clock:
        device = add_passkey(login(member))
        for wait, status in ((LATER - 1, 303), (LATER, 403)):
            visitor = app.test_client()
            said = device.get(offer(visitor, "/sign-in/passkey/options"))
            clock.shift(wait)
            answer = visitor.post("/sign-in/passkey", data={"credential": said})
            assert answer.status_code == status


def test_a_challenge_serves_the_one_purpose_it_was_made_for(
    app: Flask, login: Login, member: Member
) -> None:
    client = login(member)
    device = add_passkey(client)
    said = device.get(offer(client, "/account/second-step/options"))
    assert client.post("/sign-in/passkey", data={"credential": said}).status_code == 403
    said = device.get(offer(client, "/sign-in/passkey/options"))
    assert client.post("/account/second-step/passkey", data={"credential": said}).status_code == 403


def test_a_row_with_a_challenge_does_not_tell_when(session: Session, app: Flask) -> None:
    with time_machine.travel(NOW, tick=False):
        offer(app.test_client(), "/sign-in/passkey/options")
    data = session.scalars(select(WebSession.data)).one()
    for moment in range(NOW, NOW + 2 * LATER):
        assert str(moment).encode() not in data
