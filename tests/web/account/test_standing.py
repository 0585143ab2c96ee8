"""The first statement on a member's own pages is true, whatever hides them."""

from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient

from mapapp.actions.core.context import Context
from mapapp.actions.moderation import member_hide
from mapapp.store.mail import OpenQuestion
from mapapp.store.members import Member
from tests.forms import actions
from tests.trust import AREAS, World

SHOWN = "You are shown again, as before."
STILL = "You are still hidden, because we had no answer"


@pytest.fixture
def wren(world: World, login: Callable[..., FlaskClient]) -> Member:
    """A signed-in member, listed for members."""
    member = world.somebody("members", email="wren@example.org")
    login(member)
    return member


@pytest.fixture
def silent(world: World, wren: Member) -> Member:
    """The same member, hidden because the yearly question had no answer."""
    asked = {"kind": "right", "stage": "hidden", "since": date(2026, 11, 1)}
    world.session.add(OpenQuestion(member_id=wren.id, **asked))
    member_hide.hide_unanswered(Context(world.session, world.settings, AREAS), wren.id)
    world.session.commit()
    return wren


def _said(client: FlaskClient, act: str) -> str:
    page = client.post(f"/account/{act}", follow_redirects=True)
    assert page.status_code == 200
    return unescape(page.text)


def test_the_undo_of_hiding_says_that_one_is_shown(client: FlaskClient, wren: Member) -> None:
    client.post("/account/hide")
    assert SHOWN in _said(client, "show")
    assert SHOWN not in _said(client, "show")  # there was nothing to undo


def test_the_undo_says_who_is_still_hidden_by_silence_and_how_it_ends(
    client: FlaskClient, world: World, silent: Member
) -> None:
    client.post("/account/hide")
    page = _said(client, "show")
    assert SHOWN not in page
    assert STILL in page
    assert "/still-right" in actions(page)
    assert world.seen() == set()
    world.session.rollback()
    client.post("/still-right")
    assert world.seen() == {silent.pseudonym}


def test_the_end_of_a_pause_says_so_too(client: FlaskClient, silent: Member) -> None:
    client.post("/account/pause")
    page = _said(client, "end-pause")
    assert STILL in page
    assert "as it was before" not in page


def test_the_page_says_why_nobody_sees_one(client: FlaskClient, silent: Member) -> None:
    """Also beside one's own hiding, whose undo alone would not show anybody."""
    for path in ("/account", "/places"):
        page = unescape(client.get(path).text)
        assert "We had no answer, so nobody sees you any more." in page
        assert "you are hidden after 60 days" not in page
    client.post("/account/hide")
    page = unescape(client.get("/account").text)
    assert "Undo: show me as before" not in page
    assert "confirm below that everything is still right" in page


def test_the_question_about_somebody_who_turned_18_comes_first(
    client: FlaskClient, world: World, wren: Member
) -> None:
    """The mail leads to the account page, because a path can reveal what it is about."""
    child = world.child_of(wren, "2040-01")
    world.session.commit()
    words = "There is a question for you to answer."
    assert words not in client.get("/account").text
    asked = {"kind": "adult", "stage": "asked", "since": date(2026, 11, 1)}
    world.session.add(OpenQuestion(member_id=child.id, **asked))
    world.session.commit()
    page = client.get("/account").text
    first = page.partition("</h1>")[2]
    assert first.partition("</p>")[0].endswith("60 days after our email.")
    assert words in first.partition("</p>")[0]
    assert 'href="/cared-for"' in first.partition("</div>")[0]


def test_the_words_about_a_pause_name_whom_one_cares_for(
    client: FlaskClient, world: World, wren: Member
) -> None:
    before, during = (
        "are also left out of later releases of numbers",
        "The people you care for are not counted either",
    )
    assert before not in client.get("/account").text
    world.child_of(wren, "2040-01")
    world.session.commit()
    assert before in client.get("/account").text
    client.post("/account/pause")
    assert during in client.get("/account").text
