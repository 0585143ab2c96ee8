"""Signing in leads back to where one was, whatever comes between."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.domain.account import totp
from mapapp.domain.mail.consent_wordings import MAIL
from mapapp.settings import Settings
from mapapp.store.members import Member
from tests.apps import shown
from tests.forms import form_to
from tests.joining import Joiner
from tests.mail import newest_mail
from tests.trust import reword

WHERE = "/conditions?q=dyst&page=2"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel("2026-11-22 12:10:05+00:00", tick=False) as stopped:
        yield stopped


def _header_link(page: str) -> str:
    found = re.search(r'href="(/sign-in[^"]*)">Sign in</a>', page)
    assert found
    return unescape(found[1])


def _sign_in(client: FlaskClient, link: str, email: str, session: Session, own: Settings) -> Any:
    """Ask for a link on the page ``link``, and use it; return the answer."""
    form = form_to(client.get(link).text, "/sign-in")
    client.post("/sign-in", data=form.fields | {"email": email})
    session.rollback()
    mailed = re.search(r"(/sign-in/link/\S+)", newest_mail(session, own).body)
    assert mailed
    return client.post(mailed[1])


def test_the_link_of_the_header_leads_back(
    client: FlaskClient, session: Session, settings: Settings
) -> None:
    link = _header_link(client.get(WHERE).text)
    answer = _sign_in(client, link, "robin@example.org", session, settings)
    assert answer.location == WHERE


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/no-such-page",
        "/sign-in?next=//evil.example",
        "/sign-in/link/none",
        "/still-right/none",
        "/account/address/undo/none",
    ],
)
def test_pages_to_which_nobody_goes_back(client: FlaskClient, path: str) -> None:
    assert _header_link(client.get(path).text) == "/sign-in"


def test_back_through_the_second_factor(
    client: FlaskClient,
    make_member: Callable[..., Member],
    session: Session,
    settings: Settings,
) -> None:
    key = totp.new_key(settings.secret)
    make_member(staff=True, email="boss@example.org", totp_secret=key)
    session.commit()
    page = "/admin/conditions?q=a"
    link = client.get(page).location
    answer = _sign_in(client, link, "boss@example.org", session, settings)
    assert answer.location == page
    step = client.get(page).location
    form = form_to(client.get(step).text, "/account/second-step")
    wrong = client.post("/account/second-step", data=form.fields | {"code": "000000"})
    form = form_to(client.get(wrong.location).text, "/account/second-step")
    code = shown(settings, key)
    answer = client.post("/account/second-step", data=form.fields | {"code": code})
    assert answer.location == page
    assert client.get(page).status_code == 200


def test_back_past_words_that_changed(
    client: FlaskClient,
    wren: Member,
    session: Session,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.post("/sign-out")
    reword(monkeypatch, MAIL)
    answer = _sign_in(
        client, f"/sign-in?next={quote(WHERE)}", "wren@example.org", session, settings
    )
    assert answer.location.startswith("/consent?next=/conditions")
    page = client.get(answer.location).text
    assert f'<a href="{WHERE.replace("&", "&amp;")}">Decide later, and go on</a>' in page
    form = form_to(page, "/consent/agree-all")
    assert client.post("/consent/agree-all", data=form.fields).location == WHERE


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/sign-out"])
def test_the_page_of_changed_words_leads_nowhere_else(
    client: FlaskClient, wren: Member, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    reword(monkeypatch, MAIL)
    page = client.get("/consent", query_string={"next": target}).text
    assert "evil" not in page
    form = form_to(page, "/consent/agree-all")
    sent = form.fields | {"next": target}
    assert client.post("/consent/agree-all", data=sent).location == "/"


def test_another_mail_leads_to_the_same_page(client: FlaskClient) -> None:
    client.post("/sign-in", data={"email": "robin@example.org", "next": WHERE})
    page = unescape(client.get("/sign-in/code").text)
    assert 'href="/sign-in?next=/conditions?q%3Ddyst%26page%3D2">Try again' in page


@pytest.mark.usefixtures("dystonia")
def test_whoever_joins_tries_again_with_the_area(joiner: Joiner) -> None:
    joiner.choose()
    page = joiner.browser.get("/sign-in/code").text
    again = re.search(r'href="(/conditions/dystonia/join\?at=[\w-]+)">Try again', page)
    assert again
    assert "Others see only your region" in joiner.browser.get(again[1]).text


@pytest.mark.usefixtures("dystonia")
def test_whoever_has_an_account_keeps_the_area_as_well(client: FlaskClient) -> None:
    page = client.post(
        "/conditions/dystonia/join/where", data={"town": "Leeds"}, follow_redirects=True
    ).text
    link = re.search(r'href="(/sign-in\?next=/conditions/dystonia/place\?at[^"]+)"', page)
    assert link
