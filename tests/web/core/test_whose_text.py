"""Why a text was not taken and whose it is, when people sign out and in between two tabs."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.forms import Form, actions, form_to, texts_shown
from tests.posts import Board
from tests.signed_in import enter

Login = Callable[..., FlaskClient]
INDEX, SECRET = "/conditions/dystonia/questions", "Does anybody sleep better in winter?"


@pytest.fixture
def wren(guarded: Flask, board: Board) -> Any:
    return board.somebody(pseudonym="Wren")


@pytest.fixture
def robin(guarded: Flask, board: Board) -> Any:
    return board.somebody(pseudonym="Robin")


def _sign_out(browser: FlaskClient) -> str:
    form = form_to(browser.get("/account").text, "/sign-out")
    return str(browser.post("/sign-out", data=form.fields).location)


def _asked(browser: FlaskClient) -> Form:
    """Return the form for a question, with a question in it."""
    form = form_to(browser.get(INDEX).text, f"{INDEX}#ask")
    return Form(INDEX, {**form.fields, "question": SECRET})


def test_who_signed_out_in_another_tab_is_told_so(login: Login, wren: Any) -> None:
    browser = login(wren)
    form, pause = _asked(browser), form_to(browser.get("/account").text, "/account/pause")
    assert _sign_out(browser) == "/"
    assert browser.get_cookie("session") is None
    for action, fields in ((form.action, form.fields), (pause.action, pause.fields)):
        browser.delete_cookie("session")
        page = browser.post(action, data=fields)
        assert page.status_code == 400
        assert "You are no longer signed in" in page.text
        assert "cookie" not in page.text
    browser.delete_cookie("session")
    assert texts_shown(browser.post(INDEX, data=form.fields).text) == {"question": SECRET}


def test_signing_out_twice_leads_home(login: Login, wren: Any) -> None:
    browser = login(wren)
    form = form_to(browser.get("/account").text, "/sign-out")
    assert browser.post("/sign-out", data=form.fields).location == "/"
    assert browser.post("/sign-out", data=form.fields).location == "/"


@pytest.mark.parametrize("path", [INDEX, "/unsent"])
def test_without_any_cookie_the_next_step_is_the_button_below(
    guarded: Flask, board: Board, path: str
) -> None:
    board.condition()
    blind = guarded.test_client(use_cookies=False)
    page = blind.post(INDEX, data={"question": SECRET, "csrf_token": "x"}).text
    if path == "/unsent":
        page = blind.post("/unsent", data=form_to(page, "/unsent").fields).text
    assert "Allow cookies for this site, then press the button below" in page
    assert "/unsent" in actions(page)
    assert texts_shown(page) == {"question": SECRET}


def test_without_cookie_and_text_the_page_is_to_be_loaded_again(guarded: Flask) -> None:
    page = guarded.test_client().post("/sign-in", data={"email": "robin@example.org"}).text
    assert "load the page again" in page
    assert "button below" not in page


def _kept(browser: FlaskClient, form: Form) -> None:
    """Sign out, send the form from another tab, and take its text along."""
    _sign_out(browser)
    page = browser.post(form.action, data=form.fields).text
    answer = browser.post("/unsent", data=form_to(page, "/unsent").fields)
    assert answer.location == "/unsent"


def test_a_kept_text_is_shown_to_its_writer_alone(
    guarded: Flask, login: Login, wren: Any, robin: Any
) -> None:
    browser = login(wren)
    _kept(browser, _asked(browser))
    assert "We have kept your text." in browser.get("/sign-in?next=/unsent").text
    enter(guarded, browser, robin.id)
    page = browser.get("/unsent").text
    assert SECRET not in page
    assert "a text of another account. Sign in with that account to send it." in page
    answer = browser.post("/sign-out", data=form_to(page, "/sign-out").fields)
    assert answer.location == "/sign-in?next=/unsent"
    assert "We have kept your text." in browser.get(answer.location).text
    enter(guarded, browser, wren.id)
    assert texts_shown(browser.get("/unsent").text) == {"question": SECRET}


def test_the_next_account_may_throw_a_kept_text_away(
    guarded: Flask, login: Login, wren: Any, robin: Any
) -> None:
    browser = login(wren)
    _kept(browser, _asked(browser))
    enter(guarded, browser, robin.id)
    form = form_to(browser.get("/unsent").text, "/unsent/forget")
    browser.post("/unsent/forget", data=form.fields)
    assert _sign_out(browser) == "/"
    enter(guarded, browser, wren.id)
    assert browser.get("/unsent").location == "/"


def test_ones_own_kept_text_ends_with_signing_out(guarded: Flask, login: Login, wren: Any) -> None:
    browser = login(wren)
    _kept(browser, _asked(browser))
    enter(guarded, browser, wren.id)
    assert _sign_out(browser) == "/"
    enter(guarded, browser, wren.id)
    assert browser.get("/unsent").location == "/"


@pytest.mark.parametrize("same", [False, True])
def test_a_form_of_another_account_says_so(
    guarded: Flask, login: Login, wren: Any, robin: Any, same: bool
) -> None:
    browser = login(wren)
    form = _asked(browser)
    _sign_out(browser)
    enter(guarded, browser, wren.id if same else robin.id)
    page = browser.post(form.action, data=form.fields).text
    assert ("You opened this form too long ago" in page) is same
    assert ("You opened this form in another account" in page) is not same
    assert ("it is sent from the account that is signed in now" in page) is not same
    assert INDEX in actions(page)  # it can be sent from there


def test_the_tokens_of_two_sessions_have_nothing_in_common(
    guarded: Flask, login: Login, wren: Any
) -> None:
    tokens = []
    for _ in range(2):
        browser = login(wren, on=guarded.test_client())
        with browser.session_transaction() as held:
            tokens.append(held["csrf_token"])
        enter(guarded, browser, wren.id)
        with browser.session_transaction() as held:
            tokens.append(held["csrf_token"])
    parts = [part for token in tokens for part in token.split("-")]
    assert len(set(parts)) == len(parts) == 8


def test_who_confirms_a_new_address_signs_in_with_the_old_one(client: FlaskClient) -> None:
    words = "first sign in with the address you have used until now"
    where = client.get("/account/address/confirm/some-token").location
    assert words in client.get(where).text
    assert words in client.post("/sign-in", data={"next": where.partition("next=")[2]}).text
    assert words not in client.get("/sign-in?next=/account").text
