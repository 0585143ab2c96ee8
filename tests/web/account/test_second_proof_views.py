"""Staff need more than a mailbox: setting up an app, and its codes as the second step."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.domain.account import totp
from mapapp.settings import Settings
from mapapp.store.members import Member
from mapapp.web.core.proof import STRONG
from tests.apps import shown

Login = Callable[..., FlaskClient]
Make = Callable[..., Member]
STEP = "/account/second-step?next=/admin"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel("2026-11-22 12:10:05+00:00", tick=False) as stopped:
        yield stopped


@pytest.fixture
def boss(make_member: Make) -> Member:
    return make_member(staff=True, pseudonym="Robin")


def _code(client: FlaskClient, settings: Settings) -> str:
    """Read the key of a new app from the page, and return the code that the app shows."""
    page = client.get("/account/authenticator")
    assert page.status_code == 200
    with client.session_transaction() as held:
        sealed = held["new_totp"]
    return shown(settings, sealed)


def _set_up(client: FlaskClient, settings: Settings, **more: str) -> Any:
    data = {"code": _code(client, settings), **more}
    return client.post("/account/authenticator", data=data)


def _shown(session: Session, settings: Settings, member: Member) -> str:
    """Return what the app of ``member`` shows now."""
    session.rollback()
    sealed = session.scalar(select(Member.totp_secret).where(Member.id == member.id))
    return shown(settings, sealed or "")


def test_a_mailbox_alone_opens_no_page_of_staff(login: Login, boss: Member) -> None:
    client = login(boss, strong=False)
    answer = client.get("/admin")
    assert (answer.status_code, answer.location) == (303, STEP)
    assert client.get("/admin/conditions?q=a").location.endswith("next=/admin/conditions?q%3Da")
    assert client.post("/admin/mail/retry").location == "/account/second-step?next=/"
    page = client.get(STEP).text
    assert "Make a passkey" in page
    assert "Set up an app" in page
    assert 'name="code"' not in page


def test_staff_are_let_in_when_they_have_set_up_an_app(
    login: Login, boss: Member, settings: Settings
) -> None:
    client = login(boss, strong=False)
    answer = _set_up(client, settings, next="/admin")
    assert (answer.status_code, answer.location) == (303, "/admin")
    assert client.get("/admin").status_code == 200


def test_a_code_is_the_second_step_and_takes_a_new_key(
    app: Flask, session: Session, login: Login, boss: Member, settings: Settings, clock: Any
) -> None:
    _set_up(login(boss, strong=False), settings)
    clock.shift(60)
    client = login(boss, on=app.test_client(), strong=False)
    assert 'name="code"' in client.get(STEP).text
    before = client.get_cookie("session")
    answer = client.post(STEP, data={"code": _shown(session, settings, boss), "next": "/admin"})
    assert (answer.status_code, answer.location) == (303, "/admin")
    assert client.get("/admin").status_code == 200
    after = client.get_cookie("session")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    copied = app.test_client()
    copied.set_cookie("session", before.value)
    assert copied.get("/places").status_code == 303


def test_a_code_used_elsewhere_is_no_second_step(
    app: Flask, session: Session, login: Login, boss: Member, settings: Settings, clock: Any
) -> None:
    _set_up(login(boss, strong=False), settings)
    clock.shift(60)
    code = _shown(session, settings, boss)
    mine, thief = (login(boss, on=app.test_client(), strong=False) for _ in range(2))
    assert mine.post(STEP, data={"code": code, "next": "/admin"}).location == "/admin"
    answer = thief.post(STEP, data={"code": code, "next": "/admin"})
    assert (answer.status_code, answer.location) == (303, STEP)
    assert "wrong, or has already been used" in thief.get(STEP).text
    assert thief.get("/admin").status_code == 303


def test_wrong_codes_are_counted_in_all_browsers_together(
    app: Flask, session: Session, login: Login, boss: Member, settings: Settings, clock: Any
) -> None:
    _set_up(login(boss, strong=False), settings)
    clock.shift(60)
    for _ in range(5):
        browser = login(boss, on=app.test_client(), strong=False)
        assert browser.post(STEP, data={"code": "no code"}).status_code == 303
    browser = login(boss, on=app.test_client(), strong=False)
    right = _shown(session, settings, boss)
    answer = browser.post(STEP, data={"code": right})
    assert answer.status_code == 429
    assert "too many wrong codes" in answer.text
    assert browser.get("/admin").status_code == 303


def test_a_proof_holds_for_half_a_day(login: Login, boss: Member, clock: Any) -> None:
    client = login(boss, strong=False)
    with client.session_transaction() as held:
        held[STRONG] = 0
    assert client.get("/admin").status_code == 303
    client = login(boss)
    clock.shift(11 * 3600)
    assert client.get("/admin").status_code == 200
    clock.shift(2 * 3600)
    assert client.get("/admin").status_code == 303
    assert client.get("/places").status_code == 200


def test_the_end_of_a_proof_is_a_full_hour(login: Login, boss: Member, settings: Settings) -> None:
    client = login(boss, strong=False)
    _set_up(client, settings)
    with client.session_transaction() as held:
        assert held[STRONG] % 3600 == 0


def test_signing_in_by_mail_is_no_proof(login: Login, boss: Member) -> None:
    client = login(boss)
    assert client.get("/admin").status_code == 200
    client.post("/sign-out")
    login(boss, strong=False)
    assert client.get("/admin").status_code == 303


def test_there_is_no_page_for_visitors_and_no_role_for_members(
    client: FlaskClient, login: Login, make_member: Make
) -> None:
    for path in ("/account/second-step", "/account/authenticator"):
        assert client.get(path).location == f"/sign-in?next={path}"
    login(make_member())
    assert client.get("/admin").status_code == 403


def test_the_page_shows_one_key_until_it_is_confirmed(
    login: Login, boss: Member, settings: Settings
) -> None:
    client = login(boss, strong=False)
    keys = set()
    for _ in range(2):
        page = client.get("/account/authenticator").text
        keys |= set(re.findall(r"\b(?:[A-Z2-7]{4}-){7}[A-Z2-7]{4}\b", page))
        picture = re.search(r'src="(data:image/svg\+xml[^"]+)"', page)
        assert picture
        assert unquote(picture[1]).count("<svg") == 1
        assert "otpauth://totp/Condition%20Map:Condition%20Map?secret=" in page
    assert len(keys) == 1
    answer = client.post("/account/authenticator", data={"code": "no code"})
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.text
    assert keys.pop() in answer.text
    _set_up(client, settings)
    page = client.get("/account/authenticator").text
    assert "Your app is set up" in page
    assert "otpauth:" not in page


def test_a_key_that_was_shown_under_another_secret_is_made_anew(
    login: Login, boss: Member, settings: Settings
) -> None:
    client = login(boss, strong=False)
    with client.session_transaction() as held:
        held["new_totp"] = totp.new_key("another secret, as long as they have to be")
    assert client.post("/account/authenticator", data={"code": "123456"}).status_code == 400
    _set_up(client, settings)
    assert client.get("/admin").status_code == 200


def test_an_app_that_is_set_up_is_not_replaced(
    session: Session, login: Login, boss: Member, settings: Settings, clock: Any
) -> None:
    client = login(boss, strong=False)
    _set_up(client, settings)
    before = _shown(session, settings, boss)
    assert client.post("/account/authenticator", data={"code": "123456"}).status_code == 303
    assert _shown(session, settings, boss) == before


def test_removing_and_replacing_need_a_fresh_proof(
    app: Flask, session: Session, login: Login, boss: Member, settings: Settings
) -> None:
    proved = login(boss, strong=False)
    _set_up(proved, settings)
    mail_only = login(boss, on=app.test_client(), strong=False)
    page = mail_only.get("/account/authenticator").text
    assert "confirm once more that it is you" in page
    assert "/remove" not in page
    for path in ("/account/authenticator", "/account/authenticator/remove"):
        answer = mail_only.post(path, data={"code": "123456"})
        assert answer.location == "/account/second-step?next=/account/authenticator"
    assert "otpauth:" not in mail_only.get("/account/authenticator").text
    _shown(session, settings, boss)
    assert proved.post("/account/authenticator/remove").status_code == 303
    assert "otpauth:" in proved.get("/account/authenticator").text
    assert proved.get("/admin").status_code == 303  # nothing is left that could be a proof


def test_whoever_gave_a_proof_just_now_goes_straight_on(login: Login, boss: Member) -> None:
    client = login(boss)
    assert client.get(STEP).location == "/admin"
    assert client.get("/account/second-step?next=https://evil.example").location == "/"
    # Nobody is led in circles.
    assert client.get("/account/second-step?next=/account/second-step").location == "/"


def test_pages_with_a_key_are_not_kept(login: Login, boss: Member) -> None:
    page = login(boss).get("/account/authenticator")
    assert page.headers["Cache-Control"] == "private, no-store"
