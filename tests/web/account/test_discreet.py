"""Discreet mode: tabs and mails name the site as nobody would look twice at, at one's wish."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.actions.account import address_change
from mapapp.actions.account.discreet_mode import set_discreet
from mapapp.actions.core.context import Context
from mapapp.actions.mail import outbox
from mapapp.actions.mail.mail_text import MailText
from mapapp.domain.core.folding import fold
from mapapp.settings import Settings
from mapapp.store.members import Member
from tests.forms import actions
from tests.languages.walking import Walker
from tests.mail import links_in, newest_mail
from tests.posts import Board
from tests.trust import AREAS, LEEDS, World, live_fully

ON, OFF = "/account/discreet", "/account/discreet/end"


def _head(page: str) -> str:
    return page.split("<body>")[0]


def _title(page: str) -> str:
    return re.findall(r"<title>([^<]*)</title>", page)[0]


@pytest.fixture
def wren(world: World) -> Member:
    return world.somebody(pseudonym="Wren", email="wren@example.org")


@pytest.fixture
def browser(login: Callable[..., FlaskClient], wren: Member) -> FlaskClient:
    return login(wren)


@pytest.mark.both
def test_it_is_off_until_a_member_wishes(browser: FlaskClient, wren: Member) -> None:
    page = browser.get("/account").text
    assert _title(page) == "Your account – Condition Map"
    assert "icons/favicon.svg" in _head(page)
    assert ON in actions(page)
    assert OFF not in actions(page)
    assert not wren.discreet


def test_one_tap_turns_it_on_and_another_off(browser: FlaskClient) -> None:
    page = browser.post(ON, follow_redirects=True).text
    assert "Discreet mode is on." in page
    assert "Condition Map" not in page
    assert _title(page) == "Your account – Notes"
    assert "icons/notes.svg" in _head(page)
    assert "icons/favicon.svg" not in page
    assert ON not in actions(page)
    page = browser.post(OFF, follow_redirects=True).text
    assert "Discreet mode is off." in page
    assert _title(page) == "Your account – Condition Map"
    assert "icons/notes.svg" not in page


def test_the_map_that_a_browser_holds_is_not_taken_for_the_same(browser: FlaskClient) -> None:
    path = "/conditions/dystonia/map"
    browser.get(path)
    before = browser.get(path)
    browser.post(ON)
    browser.get("/account")  # says that it is on
    after = browser.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert _title(after.text) == "Notes"


def test_nobody_else_notices(app: Flask, browser: FlaskClient, login: Callable[..., FlaskClient],
                             world: World) -> None:  # fmt: skip
    visitor, other = app.test_client(), login(world.somebody(), on=app.test_client())
    other.get("/conditions/dystonia/map")
    before = [who.get("/conditions/dystonia/map").data for who in (visitor, other)]
    browser.post(ON)
    assert before == [who.get("/conditions/dystonia/map").data for who in (visitor, other)]


def test_no_tab_names_the_site_or_a_condition(
    app: Flask, board: Board, login: Callable[..., FlaskClient]
) -> None:
    wren = board.somebody("members", pseudonym="Wren")
    live_fully(board, wren, "w")
    set_discreet(board.session, wren.id, True)
    board.session.commit()
    walker = Walker(app, login(wren))
    here = "/conditions/dystonia"
    area = f"{here}/areas/{AREAS.get(LEEDS).code}"
    walker.walk(
        (
            *("/", "/account", "/inbox", here, area, "/no-such-page", "/conditions?q=dystonia"),
            *(here + end for end in ("/map", "/nearby", "/place", "/stories", "/treatments")),
        )
    )
    files = (".html", "/embed/")  # of which none knows who asks
    pages = {
        path: page
        for path, page in walker.pages.items()
        if not any(piece in path for piece in files)
    }
    assert len(pages) > 40
    for path, page in pages.items():
        title = _title(page)
        assert "Condition Map" not in title, path
        assert "dystonia" not in fold(title), path
        assert title.endswith("Notes"), path
        assert "condition" not in fold(title), path
        assert "favicon.svg" not in page, path


def _sent(world: World, engine: Engine) -> dict[str, str]:
    """Send all mail; return to whom it went under which name."""
    world.session.commit()
    sent: dict[str, str] = {}
    outbox.send_due(
        lambda: Session(engine, expire_on_commit=False),
        world.settings,
        lambda to, *_mail: sent.update({to: "usual"}),
        discreet=lambda to, *_mail: sent.update({to: "discreet"}),
    )
    return sent


@pytest.mark.parametrize("wished", [False, True])
def test_mails_come_from_the_neutral_name(
    world: World, wren: Member, engine: Engine, settings: Settings, wished: bool
) -> None:
    set_discreet(world.session, wren.id, wished)
    robin = world.somebody(email="robin@example.org")
    ctx = Context(world.session, settings)
    for who in (wren, robin):
        outbox.queue(ctx, who.email, MailText("News", "A text.\n"))
    outbox.queue(ctx, "nobody@example.org", MailText("News", "A text.\n"))
    rest = {"robin@example.org": "usual", "nobody@example.org": "usual"}
    sent = _sent(world, engine)
    assert sent == {"wren@example.org": "discreet" if wished else "usual", **rest}


@pytest.mark.both
@pytest.mark.parametrize("wished", [False, True])
def test_a_change_of_address_is_told_neutrally_at_both(
    world: World, wren: Member, engine: Engine, wished: bool
) -> None:
    set_discreet(world.session, wren.id, wished)
    robin = world.somebody(email="robin@example.org")
    address_change.ask(world.ctx, wren.id, "thrush@example.org")
    world.session.flush()
    link = next(links_in(newest_mail(world.session, world.settings)))
    address_change.ask(world.ctx, robin.id, "wren@example.org")  # where Wren reads it
    asked = _sent(world, engine)
    address_change.confirm(world.ctx, wren.id, link.rpartition("/")[2], "none")
    told = _sent(world, engine)
    name = "discreet" if wished else "usual"
    assert asked == {"thrush@example.org": name, "wren@example.org": name}
    assert told == {"wren@example.org": name}


def test_it_ends_with_the_account(world: World, wren: Member) -> None:
    set_discreet(world.session, wren.id, True)
    world.erase(wren)
    again = world.member(email="wren@example.org")
    assert not again.discreet


def test_the_page_says_what_it_covers_and_what_not(browser: FlaskClient) -> None:
    page = browser.get("/account").text
    assert "While you are signed in, tabs show “Notes” and a plain icon" in page
    assert "your browser’s history" in page
    assert "still show this site’s address" in page
