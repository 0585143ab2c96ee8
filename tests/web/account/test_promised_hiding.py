"""“Hide me everywhere” does what its words say, at once, and no more."""

from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mapapp.actions.contact.conversation_list import begin
from mapapp.store.members import Member
from tests import contact_requests
from tests.posts import TEXT, Board
from tests.trust import AREAS, LEEDS

NAME = "Zebra Plover"
ON_THE_MAP = f"/conditions/dystonia/areas/{AREAS.code[LEEDS]}"
ANSWERS = "/conditions/dystonia/questions/treatments/answers"


@pytest.fixture
def wren(board: Board, login: Callable[..., FlaskClient]) -> Member:
    """A signed-in member on two maps, who wrote, talks, asked, and was asked."""
    wren = board.somebody("public", email="wren@example.org", pseudonym=NAME)
    board.place(wren, "public", "als")
    board.write(wren, named_to="public")
    friend, asker = board.somebody(pseudonym="Calm Robin"), board.somebody(pseudonym="Mild Otter")
    begin(board.session, board.condition_id, wren.id, friend.id)
    contact_requests.ask(
        board.session, board.settings, asker.id, board.on_map(wren).public_id, "dystonia", "meet"
    )
    board.session.commit()
    login(wren)
    return wren


def _seen(app: Flask) -> list[bool]:
    """Whether a visitor sees the name on two maps, and the text."""
    visitor = app.test_client()
    maps = (ON_THE_MAP, ON_THE_MAP.replace("dystonia", "als"))
    return [NAME in visitor.get(path).text for path in maps] + [TEXT in visitor.get(ANSWERS).text]


def test_one_tap_takes_names_texts_and_requests_away(
    app: Flask, client: FlaskClient, wren: Member
) -> None:
    """All at one moment, which is what the page warns of."""
    page = client.get("/account").text
    assert "your answers and stories off every page, at once" in page
    assert "just before and just after you hide, pause or erase can tell" in page
    assert _seen(app) == [True, True, True]
    assert "Mild Otter" in client.get("/inbox").text
    page = unescape(client.post("/account/hide", follow_redirects=True).text)
    assert "your answers and stories are not shown. Requests that had no answer have ended." in page
    assert _seen(app) == [False, False, False]
    assert "Mild Otter" not in client.get("/inbox").text


def test_the_undo_brings_back_all_but_the_requests(
    app: Flask, client: FlaskClient, wren: Member
) -> None:
    client.post("/account/hide")
    assert "Calm Robin" in client.get("/inbox").text  # the conversation stays
    client.post("/account/show")
    assert _seen(app) == [True, True, True]
    inbox = client.get("/inbox").text
    assert "Calm Robin" in inbox
    assert "Mild Otter" not in inbox
