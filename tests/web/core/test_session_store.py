import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.app import create_app
from mapapp.domain.core.keyed_hash import plain_hash
from mapapp.settings import Settings
from mapapp.store.members import Member
from mapapp.store.sign_in import WebSession
from mapapp.web.core.request_session import db


def _rows(session: Session) -> list[WebSession]:
    session.expire_all()
    return list(session.scalars(select(WebSession)))


def _key(client: FlaskClient) -> str:
    cookie = client.get_cookie("session")
    assert cookie is not None
    return cookie.value


def test_a_visitor_who_reads_leaves_no_row_and_gets_no_cookie(
    client: FlaskClient, session: Session
) -> None:
    answer = client.get("/privacy")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert _rows(session) == []


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def test_looking_at_forms_makes_no_row(app: Flask, client: FlaskClient, session: Session) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    first = client.get("/sign-in")
    assert "no-store" in first.headers["Cache-Control"]
    cookie = _key(client)
    again = client.get("/sign-in")
    assert "Set-Cookie" not in again.headers
    for page in (first, again):  # each one's token is valid
        sent = {"email": "not an address", "csrf_token": _token(page.text)}
        assert "an address looks like" in client.post("/sign-in", data=sent).text
    assert _key(client) == cookie
    assert _rows(session) == []


def test_a_form_that_was_sent_makes_a_row_named_by_a_hash(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    sent = {"email": "robin@example.org", "csrf_token": _token(client.get("/sign-in").text)}
    assert client.post("/sign-in", data=sent).status_code == 303
    (row,) = _rows(session)
    assert row.key_hash == plain_hash(_key(client))
    assert row.member_id is None
    assert (row.device, row.month) == ("", "")
    assert row.expires % 86_400 == 0
    assert b"127.0.0.1" not in row.data


@pytest.mark.parametrize("cookie", ["{token}", "{token}.", "{token}.0000", ".", "x.{mark}", "ü.ü"])
def test_a_form_token_that_we_did_not_mark_is_none(
    app: Flask, client: FlaskClient, cookie: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    form = _token(client.get("/sign-in").text)
    token, _dot, mark = _key(client).partition(".")
    client.set_cookie("session", cookie.format(token=token, mark=mark))
    sent = {"email": "robin@example.org", "csrf_token": form}
    assert client.post("/sign-in", data=sent).status_code == 400


def test_the_form_token_of_another_browser_is_refused(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    theirs = _token(app.test_client().get("/sign-in").text)
    client.get("/sign-in")
    sent = {"email": "robin@example.org", "csrf_token": theirs}
    assert client.post("/sign-in", data=sent).status_code == 400


def test_a_key_that_we_did_not_give_out_is_not_taken(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    client.set_cookie("session", "a-key-of-an-attacker")
    client.post("/sign-in", data={"email": "robin@example.org"})
    (row,) = _rows(session)
    assert row.key_hash != plain_hash("a-key-of-an-attacker")


def test_a_copied_cookie_is_worthless_after_signing_out(
    app: Flask, login: Callable[..., FlaskClient], make_member: Callable[..., Member]
) -> None:
    client = login(make_member())
    thief = app.test_client()
    thief.set_cookie("session", _key(client))
    assert thief.get("/places").status_code == 200
    client.post("/sign-out")
    assert thief.get("/places").status_code == 303
    assert client.get("/places").status_code == 303


def test_a_closed_account_is_signed_out_everywhere(
    session: Session, login: Callable[..., FlaskClient], make_member: Callable[..., Member]
) -> None:
    member = make_member()
    client = login(member)
    assert client.get("/places").status_code == 200
    member.active = False
    session.commit()
    assert client.get("/places").status_code == 303


def test_a_session_ends_and_one_in_use_is_prolonged(
    session: Session, login: Callable[..., FlaskClient], make_member: Callable[..., Member]
) -> None:
    with time_machine.travel("2026-11-01 12:00:00+00:00", tick=False) as clock:
        client = login(make_member())
        clock.shift(20 * 86_400)
        assert client.get("/places").status_code == 200
        clock.shift(20 * 86_400)
        assert client.get("/places").status_code == 200
        clock.shift(32 * 86_400)
        assert client.get("/places").status_code == 303


def test_cookies_on_secure_sites_are_bound_to_the_host(settings: Settings) -> None:
    secure = settings.model_copy(update={"base_url": "https://site.example"})
    app = create_app(secure)
    page = app.test_client().get("/sign-in", base_url="https://site.example")
    with app.app_context():
        db.engine.dispose()
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in cookie
    assert "Domain" not in cookie


def test_cookies_on_plain_sites_are_not_secure(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    cookie = client.get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("session=")
    assert "Secure" not in cookie
    assert "HttpOnly" in cookie


def test_a_session_that_was_ended_meanwhile_stays_ended(
    session: Session, login: Callable[..., FlaskClient], make_member: Callable[..., Member]
) -> None:
    client = login(make_member())
    for row in _rows(session):
        session.delete(row)
    session.commit()
    client.get("/places")
    members: Any = session.scalar(
        select(func.count()).select_from(WebSession).where(WebSession.member_id.is_not(None))
    )
    assert members == 0
