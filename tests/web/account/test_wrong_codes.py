"""A code that is wrong: what the page says, and where."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.actions.account.sign_in_link import CODE_TRIES
from mapapp.domain.account import totp
from mapapp.settings import Settings
from tests.mail import links_in, newest_mail

Login = Callable[..., FlaskClient]
CODE, STEP = "/sign-in/code", "/account/second-step"


@pytest.fixture
def asked(client: FlaskClient) -> FlaskClient:
    """A browser that asked for a link."""
    client.post("/sign-in", data={"email": "robin@example.org", "next": "/inbox"})
    return client


def _field(page: str) -> str:
    (found,) = re.findall(r'<input [^>]*name="code"[^>]*>', page)
    return str(found)


def _check(page: str, words: str) -> None:
    field = _field(page)
    assert re.search(r'value="12 ?3"', field)
    assert 'aria-invalid="true"' in field
    assert " autofocus" in field
    notes = re.search(r'<div id="code-notes">(.*?)</div>', page, re.S)
    assert notes
    assert f'<p class="error">{words}' in notes[1]
    assert page.count(words) == 1


def test_a_wrong_code_is_told_beside_its_field_once(asked: FlaskClient) -> None:
    answer = asked.post(CODE, data={"code": "12 3"})
    assert (answer.status_code, answer.location) == (303, CODE)  # so that the try is counted
    _check(asked.get(CODE).text, "This is not the code in the email")
    later = _field(asked.get(CODE).text)
    assert "aria-invalid" not in later
    assert "autofocus" not in later


def test_a_wrong_code_of_the_app_is_told_beside_its_field(
    settings: Settings, login: Login, make_member: Callable[..., Any]
) -> None:
    member = make_member(staff=True, totp_secret=totp.new_key(settings.secret))
    browser = login(member, strong=False)
    answer = browser.post(STEP, data={"code": "12 3", "next": "/admin"})
    assert answer.location == f"{STEP}?next=/admin"
    _check(browser.get(answer.location).text, "This code is wrong")


@pytest.mark.parametrize("path", ["/sign-in", CODE])
def test_who_left_the_only_field_empty_is_put_into_it(asked: FlaskClient, path: str) -> None:
    page = asked.post(path, data={}).text
    (field,) = re.findall(r"<input [^>]*aria-invalid[^>]*>", page)
    assert " autofocus" in field


def test_after_too_many_wrong_codes_the_page_says_what_still_works(
    asked: FlaskClient, session: Session, settings: Settings
) -> None:
    for _ in range(CODE_TRIES):
        answer = asked.post(CODE, data={"code": "no code"})
    assert answer.location == "/sign-in?next=/inbox"
    page = asked.get("/sign-in").text
    assert "That was too many wrong codes. Open the link in the email instead" in page
    assert "expired" not in page
    (link,) = links_in(newest_mail(session, settings))
    assert asked.post(link).location == "/inbox"
