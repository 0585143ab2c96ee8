"""What the browser that asked for a link keeps of it, and shows to nobody but who asked there."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.account.sign_in_link import AGAIN_SECONDS, CODE_TRIES
from mapapp.actions.core.context import Context
from mapapp.actions.core.expiry import delete_expired
from mapapp.actions.mail.member_addresses import held_address
from mapapp.store.members import Member
from mapapp.store.sign_in import WebSession
from mapapp.web.account import sign_in_views
from tests.joining import ROBIN, Joiner, agreement
from tests.signed_in import twin_of

pytestmark = pytest.mark.usefixtures("dystonia")

CODE = "/sign-in/code"
DONE = "/conditions/dystonia/place/done"
WREN = "wren@example.org"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel("2026-11-22 12:00:00+00:00", tick=False) as stopped:
        yield stopped


def test_it_is_kept_in_a_cookie_for_the_pages_of_signing_in(joiner: Joiner) -> None:
    joiner.choose()
    cookie = joiner.browser.get_cookie("sign-in", path="/sign-in")
    assert cookie
    assert (cookie.http_only, cookie.same_site, cookie.max_age) == (True, "Lax", None)
    for word in ("dystonia", "Heron", ROBIN):
        assert word not in cookie.value
    lengths = {len(cookie.value)}
    for path in ("/", "/inbox", "/conditions?q=" + "e" * 600, "/conditions?q=" + '"' * 5000):
        joiner.browser.post("/sign-in", data={"email": ROBIN, "next": path})
        found = joiner.browser.get_cookie("sign-in", path="/sign-in")
        assert found
        lengths.add(len(found.value))
    assert len(lengths) == 1
    assert max(lengths) < 2000  # browsers take 4,096


def test_no_row_holds_it(joiner: Joiner, session: Session) -> None:
    joiner.choose()
    (held,) = session.scalars(select(WebSession.data))
    assert json.loads(held).keys() <= {"sign_in", "wrong_codes", "csrf_token"}


def test_another_address_typed_later_is_not_asked_about_it(joiner: Joiner) -> None:
    """It would be put on the account of whoever reads the second mail."""
    joiner.choose()
    joiner.browser.post("/sign-in", data={"email": WREN, "next": "/inbox"})
    joiner.session.rollback()
    page = joiner.browser.get(CODE).text
    assert "Leeds" not in page
    data = {"code": joiner.code(), "adult": "y"}
    assert joiner.browser.post(CODE, data=data).location == "/inbox"
    assert joiner.places() == []


def test_a_cookie_of_another_asking_is_not_read(joiner: Joiner) -> None:
    joiner.choose()
    planted = joiner.browser.get_cookie("sign-in", path="/sign-in")
    joiner.browser.post("/sign-in", data={"email": WREN})
    for value in (planted.value if planted else "", "anything", "ü"):
        joiner.browser.set_cookie("sign-in", value, path="/sign-in")
        assert "Leeds" not in joiner.browser.get(CODE).text


@pytest.mark.parametrize("joins", [True, False])
def test_the_page_with_the_code_does_not_tell_that_the_link_was_used(
    joiner: Joiner, clock: Any, joins: bool
) -> None:
    """Who typed the address of another would learn when that person read the mail."""
    if joins:
        joiner.choose()
    else:
        joiner.browser.post("/sign-in", data={"email": ROBIN, "next": "/inbox"})
        joiner.session.rollback()
    link = joiner.link()
    before = joiner.browser.get(CODE).data
    assert joiner.app.test_client().post(link, data={"only": "y"}).status_code == 303
    assert joiner.browser.get(CODE).data == before
    clock.shift(AGAIN_SECONDS)
    joiner.session.rollback()
    delete_expired(joiner.session)
    joiner.session.commit()
    assert joiner.browser.get(CODE).data == before


@pytest.mark.both
@pytest.mark.parametrize("later", [0, AGAIN_SECONDS])
def test_a_wrong_code_does_not_tell_either(joiner: Joiner, clock: Any, later: int) -> None:
    said = []
    for email, is_used in ((ROBIN, True), (WREN, False)):
        browser = joiner.app.test_client()
        browser.post("/sign-in", data={"email": email, "next": "/inbox"})
        joiner.session.rollback()
        if is_used:
            assert joiner.app.test_client().post(joiner.link()).status_code == 303
        clock.shift(later)
        joiner.session.rollback()
        delete_expired(joiner.session)
        joiner.session.commit()
        answers = []
        for _ in range(CODE_TRIES + 1):
            answers.append(browser.post(CODE, data={"code": "12"}).location)
            answers.append(re.sub(r'"csrf_token" value="\S+"', "", browser.get(answers[-1]).text))
        said.append(answers)
    assert said[0] == said[1]
    assert said[0][0] == CODE
    assert said[0][-2] == "/sign-in"


def test_three_hours_later_it_is_over(joiner: Joiner, clock: Any) -> None:
    joiner.choose()
    clock.shift(3 * 3600 - 1)
    assert "Leeds" in joiner.browser.get(CODE).text
    clock.shift(1)
    assert "Leeds" not in joiner.browser.get(CODE).text


def test_signing_in_forgets_it(joiner: Joiner) -> None:
    joiner.browser.post(joiner.choose(), data={"only": "y"})
    assert joiner.browser.get_cookie("sign-in", path="/sign-in") is None


def test_without_the_cookie_the_code_signs_in_and_the_link_has_the_place(joiner: Joiner) -> None:
    link = joiner.choose()
    joiner.browser.delete_cookie("sign-in", path="/sign-in")
    assert "Leeds" not in joiner.browser.get(CODE).text
    assert "Leeds" in joiner.browser.get(link).text
    assert joiner.browser.post(CODE, data={"code": joiner.code()}).location == "/"


@pytest.mark.parametrize("email", [ROBIN, WREN])
def test_the_own_address_is_decrypted_once(
    joiner: Joiner,
    login: Callable[..., FlaskClient],
    make_member: Callable[..., Member],
    monkeypatch: pytest.MonkeyPatch,
    email: str,
) -> None:
    calls = []

    def _counted(ctx: Context, member_id: int) -> str | None:
        calls.append(member_id)
        return held_address(ctx, member_id)

    monkeypatch.setattr(sign_in_views, "held_address", _counted)
    joiner.browser.post("/sign-in", data={"email": email})
    joiner.session.rollback()
    link = joiner.link()
    browser = login(make_member(email=ROBIN), on=joiner.app.test_client())
    assert "ro…@example.org" in browser.get(link).text
    assert len(calls) == 1


@pytest.mark.parametrize("way", ["link", "code"])
@pytest.mark.parametrize(("more", "where"), [({"adult": "y"}, DONE), ({"only": "y"}, "/places")])
def test_the_second_tap_leads_where_the_first_led(
    joiner: Joiner, way: str, more: dict[str, str], where: str
) -> None:
    link = joiner.choose()
    path = link if way == "link" else CODE
    joiner.app.config["WTF_CSRF_ENABLED"] = True
    page = joiner.browser.get(path).text
    data = {**agreement(page, ""), "code": joiner.code(), **more}
    second = twin_of(joiner.browser)
    for browser in (joiner.browser, second):
        answer = browser.post(path, data=data)
        assert (answer.status_code, answer.location) == (303, where)
    assert len(joiner.places()) == (where == DONE)
