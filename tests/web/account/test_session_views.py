"""Where a member is signed in: the list, and ending sessions."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask import session as held
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.settings import Settings
from mapapp.store.members import Member
from mapapp.store.sign_in import WebSession
from tests.mail import newest_mail

PHONE = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"
LAPTOP = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Safari/605.1.15"
)


@pytest.fixture
def signed_in(app: Flask, session: Session, settings: Settings) -> Callable[[str], FlaskClient]:
    """``signed_in(agent)``: a browser that signed in by mail, as always the same person."""

    def _sign_in(agent: str) -> FlaskClient:
        browser = app.test_client()
        browser.environ_base["HTTP_USER_AGENT"] = agent
        browser.post("/sign-in", data={"email": "robin@example.org"})
        session.rollback()
        link = re.search(r"(/sign-in/link/\S+)", newest_mail(session, settings).body)
        assert link
        assert browser.post(link[1]).status_code == 303
        return browser

    return _sign_in


def _is_in(client: FlaskClient) -> bool:
    return client.get("/places").status_code == 200


def _ids(session: Session) -> dict[str, str]:
    session.rollback()
    rows = session.execute(
        select(WebSession.device, WebSession.public_id).where(WebSession.member_id.is_not(None))
    )
    return {row.device: row.public_id for row in rows}


def test_only_kind_of_browser_and_month_are_kept(
    session: Session, signed_in: Callable[[str], FlaskClient]
) -> None:
    signed_in(PHONE)
    session.rollback()
    row = session.scalars(select(WebSession).where(WebSession.member_id.is_not(None))).one()
    assert row.device == "Firefox on Android"
    assert re.fullmatch(r"\d{4}-\d{2}", row.month)
    for word in (b"130.0", b"Mozilla", b"Gecko"):
        assert word not in row.data


def test_the_list_names_every_browser_and_this_one(
    signed_in: Callable[[str], FlaskClient],
) -> None:
    signed_in(PHONE)
    signed_in("An odd browser/1.0")
    page = signed_in(LAPTOP).get("/account/sessions").text
    names = re.findall(r"<strong>([^<]+)</strong>", page)
    assert names[0] == "Safari on macOS"
    assert sorted(names[1:]) == ["Firefox on Android", "Unknown device"]
    assert page.count("This browser") == 1
    assert page.count("Sign out there") == 2
    assert re.search(r"Since [A-Z][a-z]+ \d{4}", page)


def test_one_is_ended_at_once(session: Session, signed_in: Callable[[str], FlaskClient]) -> None:
    phone, laptop = signed_in(PHONE), signed_in(LAPTOP)
    ended = _ids(session)["Firefox on Android"]
    assert laptop.post(f"/account/sessions/{ended}/end").status_code == 303
    assert not _is_in(phone)
    assert _is_in(laptop)
    assert laptop.post(f"/account/sessions/{ended}/end").status_code == 404


@pytest.mark.both
def test_all_others_are_ended(signed_in: Callable[[str], FlaskClient]) -> None:
    phone, other, laptop = signed_in(PHONE), signed_in(PHONE), signed_in(LAPTOP)
    assert laptop.post("/account/sessions/end-others").status_code == 303
    assert not _is_in(phone)
    assert not _is_in(other)
    assert _is_in(laptop)
    assert "Sign out everywhere else" not in laptop.get("/account/sessions").text


def test_all_are_ended(
    app: Flask, session: Session, signed_in: Callable[[str], FlaskClient]
) -> None:
    phone, laptop = signed_in(PHONE), signed_in(LAPTOP)
    cookie = laptop.get_cookie("session")
    assert cookie is not None
    answer = laptop.post("/account/sessions/end-all")
    assert (answer.status_code, answer.location) == (303, "/")
    copied = app.test_client()
    copied.set_cookie("session", cookie.value)
    for browser in (phone, laptop, copied):
        assert not _is_in(browser)
    assert _ids(session) == {}


def test_nobody_ends_the_sessions_of_another(
    app: Flask,
    session: Session,
    signed_in: Callable[[str], FlaskClient],
    login: Callable[..., FlaskClient],
    make_member: Callable[..., Member],
) -> None:
    other = login(make_member())
    phone = signed_in(PHONE)
    theirs = _ids(session)["Firefox on Android"]
    assert other.post(f"/account/sessions/{theirs}/end").status_code == 404
    other.post("/account/sessions/end-others")
    other.post("/account/sessions/end-all")
    assert _is_in(phone)


@pytest.mark.own_site
def test_a_page_in_work_does_not_bring_an_ended_session_back(
    app: Flask,
    session: Session,
    signed_in: Callable[[str], FlaskClient],
    add_page: Callable[..., None],
) -> None:
    add_page(app, "/slow", "slow", lambda: ended_meanwhile())
    phone, laptop = signed_in(PHONE), signed_in(LAPTOP)

    def ended_meanwhile() -> str:
        laptop.post("/account/sessions/end-others")
        held["late"] = "news"
        return ""

    phone.get("/slow")
    assert not _is_in(phone)
    assert list(_ids(session)) == ["Safari on macOS"]


def test_erasing_signs_every_browser_of_the_member_out(
    app: Flask,
    session: Session,
    signed_in: Callable[[str], FlaskClient],
    make_member: Callable[..., Member],
    login: Callable[..., FlaskClient],
) -> None:
    robin = login(make_member(), on=app.test_client())
    here, other = signed_in(PHONE), signed_in(LAPTOP)
    session.rollback()
    cookie = here.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    assert _is_in(here)
    assert _is_in(other)
    assert here.post("/account/erase").location == "/erased"
    assert "Sign out" not in here.get("/erased").text
    copied = app.test_client()
    copied.set_cookie(cookie.key, cookie.value)
    for browser in (here, other, copied):
        assert browser.get("/account").location == "/sign-in?next=/account"
    assert _is_in(robin)
    assert len(_ids(session)) == 1
