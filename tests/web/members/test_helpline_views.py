"""Crisis help: linked from every page, open to everybody, and it says what it is."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from mapapp.domain.safety.helplines import load_book
from mapapp.store.members import Member
from tests.databases import rows_of
from tests.languages.walking import Walker
from tests.posts import Board
from tests.trust import World, live_fully

PAGE = "/helplines"
LINK = f'href="{PAGE}"'


def test_a_visitor_reads_what_it_is_and_every_number(client: FlaskClient) -> None:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert "<title>Crisis help – " in answer.text
    lead = re.findall(r'<p class="lead">(.*?)</p>', answer.text)
    assert len(lead) == 1
    assert "a person answers who listens" in lead[0]
    assert "belong to other organisations" in lead[0]
    for lines in load_book().helplines.values():
        for line in lines:
            assert f'href="tel:{line.dialled}"' in answer.text
    assert "November 2026" in answer.text
    assert "We did not change your words" not in answer.text


def test_whoever_reads_it_leaves_no_trace(
    client: FlaskClient, engine: Engine, login: Callable[..., FlaskClient], world: World
) -> None:
    before = rows_of(engine)
    assert "Set-Cookie" not in client.get(PAGE).headers
    assert rows_of(engine) == before
    member = login(world.somebody())
    member.get(PAGE)
    before = rows_of(engine)
    member.get(PAGE)
    assert rows_of(engine) == before


def test_ones_own_country_stands_first(login: Callable[..., FlaskClient], world: World) -> None:
    page = login(world.somebody()).get(PAGE).text
    headings = re.findall(r'<h2 id="[\w-]+">([^<]*)</h2>', page)
    assert headings == ["United Kingdom", "Anywhere", "Other countries"]
    assert "<summary>United Kingdom</summary>" not in page


def test_every_page_leads_there(
    app: Flask, client: FlaskClient, board: Board, login: Callable[..., FlaskClient]
) -> None:
    wren = board.somebody("members", pseudonym="Wren")
    live_fully(board, wren, "w")
    for walker in (Walker(app, client), Walker(app, login(wren, on=app.test_client()))):
        walker.walk()
        # A map in one file, and one in another site's page, are no pages of this site.
        pages = {
            path: page
            for path, page in walker.pages.items()
            if "/map.html" not in path and not path.startswith("/embed/")
        }
        assert len(pages) > 10
        assert [path for path, page in pages.items() if LINK not in page] == []


def test_it_opens_to_who_is_suspended(login: Callable[..., FlaskClient], world: World) -> None:
    who: Member = world.somebody()
    who.suspended = True
    world.session.commit()
    browser = login(who)
    assert browser.get(PAGE).status_code == 200
    assert LINK in browser.get("/account/rulings").text


@pytest.mark.parametrize("conversation", ["x", "'--", "4b1f0c52"])
def test_only_a_conversation_is_led_back_to(client: FlaskClient, conversation: str) -> None:
    page = client.get(PAGE, query_string={"conversation": conversation}).text
    assert "Back to the conversation" not in page
