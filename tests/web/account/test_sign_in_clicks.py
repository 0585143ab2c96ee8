"""Signing in as people do it: twice, late, with another account, without cookies."""

import re
from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.account.sign_in_link import AGAIN_SECONDS
from mapapp.settings import Settings
from mapapp.store.members import Member
from tests.forms import forms
from tests.mail import waiting_mail
from tests.signed_in import twin_of

ROBIN, WREN = "robin@example.org", "wren@example.org"
NOON = "2026-11-22 12:00:00+00:00"


class Reader:
    """A person with a browser and a mailbox, on a site that checks the tokens of forms."""

    def __init__(self, app: Flask, session: Session, settings: Settings) -> None:
        app.config["WTF_CSRF_ENABLED"] = True
        self.app, self.session, self.settings = app, session, settings
        self.browser = app.test_client()

    def ask(self, address: str = ROBIN, path: str = "/sign-in?next=/inbox") -> None:
        """Ask for a link."""
        data = self.filled(self.browser.get(path).text, "/sign-in") | {"email": address}
        assert self.browser.post("/sign-in", data=data).location == "/sign-in/code"

    def filled(self, page: str, action: str) -> dict[str, str]:
        """Return the hidden fields of the form for ``action`` of a page."""
        (form,) = [one for one in forms(page) if one.action in {"", action}]
        return {name: value for name, value in form.fields.items() if name != "email"}

    def mails(self) -> list[tuple[str, str]]:
        """Return link and code of each mail, the oldest first."""
        self.session.rollback()
        found = []
        for mail in waiting_mail(self.session, self.settings):
            link = re.search(r"http://[^/]+(/sign-in/link/\S+)", mail.body)
            code = re.search(r"^(\d{6})$", mail.body, re.MULTILINE)
            assert link
            assert code
            found.append((link[1], code[1]))
        return found

    def twin(self) -> FlaskClient:
        """Return the same browser as it is now."""
        return twin_of(self.browser)

    def is_in(self, browser: FlaskClient) -> bool:
        """Whether the browser is signed in."""
        return browser.get("/places").status_code == 200


@pytest.fixture
def reader(app: Flask, session: Session, settings: Settings) -> Reader:
    return Reader(app, session, settings)


@pytest.mark.both
@pytest.mark.parametrize("elsewhere", [False, True])
def test_the_second_of_two_clicks_signs_in_as_well(reader: Reader, elsewhere: bool) -> None:
    """A browser that is given two clicks shows the answer to the second."""
    reader.ask()
    ((link, _code),) = reader.mails()
    if elsewhere:
        reader.browser = reader.app.test_client()
    data = reader.filled(reader.browser.get(link).text, link)
    second = reader.twin()
    assert reader.browser.post(link, data=data).location == "/inbox"
    assert second.post(link, data=data).location == "/inbox"
    assert reader.is_in(second)
    reader.session.rollback()
    assert reader.session.scalar(select(func.count()).select_from(Member)) == 1


def test_the_second_click_on_the_code_signs_in_as_well(reader: Reader) -> None:
    reader.ask()
    ((_link, code),) = reader.mails()
    data = reader.filled(reader.browser.get("/sign-in/code").text, "/sign-in/code")
    second = reader.twin()
    for browser in (reader.browser, second):
        answer = browser.post("/sign-in/code", data=data | {"code": code})
        assert answer.location == "/inbox"
        assert reader.is_in(browser)


def test_a_second_click_that_has_the_new_cookie_leads_on(reader: Reader) -> None:
    reader.ask()
    ((link, _code),) = reader.mails()
    data = reader.filled(reader.browser.get(link).text, link)
    reader.browser.post(link, data=data)
    page = reader.browser.post(link, data=data)
    assert "You are signed in" in page.text
    assert reader.is_in(reader.browser)


def test_a_minute_later_and_in_another_browser_the_link_is_used_up(reader: Reader) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        reader.ask()
        ((link, _code),) = reader.mails()
        data = reader.filled(reader.browser.get(link).text, link)
        second, stranger = reader.twin(), reader.app.test_client()
        theirs = reader.filled(stranger.get(link).text, link)
        reader.browser.post(link, data=data)
        assert stranger.post(link, data=theirs).status_code == 410
        assert stranger.get(link).status_code == 410
        clock.shift(AGAIN_SECONDS)
        assert second.post(link, data=data).status_code == 410
        assert second.get(link).status_code == 410
    assert not reader.is_in(second)


def test_nobody_is_signed_in_by_a_form_of_another_site(reader: Reader) -> None:
    """It would be signed in as whoever made the form."""
    reader.ask()
    ((link, _code),) = reader.mails()
    lured = reader.app.test_client()
    lured.get("/sign-in")
    for sent in ({}, {"csrf_token": "x"}):
        page = lured.post(link, data=sent)
        assert page.status_code == 400
        assert "Press the button" in page.text
    assert not reader.is_in(lured)


@pytest.mark.parametrize("used", [False, True])
def test_a_click_while_signed_in_leads_on(
    reader: Reader,
    login: Callable[..., FlaskClient],
    make_member: Callable[..., Member],
    used: bool,
) -> None:
    reader.ask()
    ((link, _code),) = reader.mails()
    if used:
        reader.browser.post(link, data=reader.filled(reader.browser.get(link).text, link))
    else:
        reader.browser = login(make_member(email=ROBIN))
    page = reader.browser.get(link)
    assert page.status_code == 200
    assert "You are signed in" in page.text
    assert 'href="/inbox"' in page.text
    assert "ro…@example.org" in page.text


def test_a_click_on_a_dead_link_while_signed_in_leads_on(
    reader: Reader, login: Callable[..., FlaskClient], make_member: Callable[..., Member]
) -> None:
    page = login(make_member(email=ROBIN)).get("/sign-in/link/no-such-link")
    assert (page.status_code, "You are signed in" in page.text) == (200, True)


def test_a_link_for_another_account_asks_first(
    reader: Reader, login: Callable[..., FlaskClient], make_member: Callable[..., Member]
) -> None:
    reader.ask(WREN)
    ((link, _code),) = reader.mails()
    reader.browser = login(make_member(email=ROBIN))
    page = reader.browser.get(link).text
    assert "ro…@example.org" in page
    assert "wr…@example.org" in page
    assert "Stay signed in" in page
    reader.browser.post(link, data=reader.filled(page, link))
    assert "wren@example.org" in reader.browser.get("/account").text


@pytest.mark.both
def test_the_code_of_each_mail_that_lives_works(reader: Reader) -> None:
    for which in range(3):
        reader.browser = reader.app.test_client()
        address = f"robin{which}@example.org"
        for _ in range(3):
            reader.ask(address)
        codes = [code for _link, code in reader.mails()[-3:]]
        page = reader.browser.get("/sign-in/code").text
        data = reader.filled(page, "/sign-in/code") | {"code": codes[which]}
        assert reader.browser.post("/sign-in/code", data=data).location == "/inbox"


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/code", "/sign-in/link/x"])
def test_without_cookies_the_page_says_so(reader: Reader, path: str) -> None:
    browser = reader.app.test_client(use_cookies=False)
    page = reader.browser.get("/sign-in").text
    data = reader.filled(page, "/sign-in") | {"email": ROBIN, "code": "123456"}
    answer = browser.post(path, data=data)
    assert answer.status_code == 400
    assert "Your browser sent no cookie" in answer.text
    assert waiting_mail(reader.session, reader.settings) == []


@pytest.mark.parametrize("path", ["/sign-in/link/none", "/sign-in/code"])
def test_who_comes_without_a_cookie_is_nobody(reader: Reader, path: str) -> None:
    """A link that nobody has used yet is not the one that this browser used."""
    reader.ask()
    stranger = reader.app.test_client()
    answer = stranger.post(path, data={"code": "000000"})
    assert answer.status_code in {400, 410}
    assert not reader.is_in(stranger)
