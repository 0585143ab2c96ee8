"""What a browser keeps tells little: titles and addresses of a member's pages (privacy rule 4).

A member who did everything once walks through all pages, and types a town wherever one can.
"""

import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from urllib.parse import unquote_plus

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mapapp.domain.core.folding import fold
from mapapp.web.core.permissions import PERMISSIONS
from tests.forms import form_to
from tests.languages.walking import Walker
from tests.posts import Board
from tests.trust import AREAS, LEEDS, live_fully

HERE = "/conditions/dystonia"
CONDITION = "dystonia"
TOWNS = ("leeds", "springfield", "york")
"""Where the member is, and what is typed."""
SEARCHES = {
    "comparing.choose_other",
    "conditions.list_conditions",
    "questions.search_all_questions",
}
"""Open searches of the catalogue and of what is published, whose addresses may be passed on."""
ABOUT_MANY = {"pages.show_home", "conditions.list_conditions"}
"""They name conditions as a catalogue does; the second has the way out once it was asked."""
A_FILE = {"map_files.page", "sharing.embed"}
"""A file to be kept, and a frame in another site: no pages of this one."""


def _is_own(endpoint: str) -> bool:
    """Whether the page is about its reader's own doing, and no page of staff."""
    access = PERMISSIONS.get(endpoint)
    is_members = bool(access and access.signed_in and not access.roles)
    return is_members or endpoint == "nearby.show_nearby"


@pytest.fixture
def walked(app: Flask, board: Board, login: Callable[..., FlaskClient]) -> Walker:
    wren = board.somebody("members", pseudonym="Wren")
    live_fully(board, wren, "w")
    board.child_of(wren)
    browser = login(wren)
    typed = [
        browser.post(action, data=form_to(browser.get(page).text, action).fields | {field: town})
        for page, action, field in (
            (f"{HERE}/nearby", f"{HERE}/nearby", "town"),
            (f"{HERE}/place", f"{HERE}/place/where", "town"),
            (f"{HERE}/place/cared-for", f"{HERE}/place/cared-for/where", "town"),
            ("/inbox", "/inbox/search", "q"),
        )
        for town in ("Springfield", "Leeds")
    ]
    assert {answer.status_code for answer in typed} == {303}
    asked = tuple(answer.location for answer in typed)
    walker = Walker(app, browser)
    area = AREAS.get(LEEDS).code
    rest = ("", "/areas/" + area, "/map", "/nearby", "/stories", "/treatments", "/wishes")
    walker.walk(
        (
            *asked,
            *(HERE + end for end in rest),
            f"{HERE}/nearby?place=mine",
            *("/account", "/account/rulings", "/inbox", "/places"),
            *("/conditions?q=dystonia", "/questions?q=dystonia"),
        )
    )
    assert walker.met.keys() > {
        *("account.data", "cared_for.place_cared_for", "connect.ask_for_contact"),
        *("conversations.search_messages", "conversations.show_conversation"),
        *("members.place", "nearby.show_nearby", "places.list_places", "posts.mine"),
    }
    return walker


def _title(page: str) -> str:
    found = re.search(r"<title>([^<]*)</title>", page)
    assert found
    return fold(unescape(found[1]))


def _says(text: str, *names: str) -> bool:
    return any(re.search(rf"\b{name}\b", text) for name in names)


def test_no_title_names_a_town_and_a_condition(walked: Walker) -> None:
    for path, page in walked.pages.items():
        title = _title(page)
        assert not (_says(title, CONDITION) and _says(title, *TOWNS)), (path, title)


def test_titles_of_ones_own_doing_name_neither(walked: Walker) -> None:
    own = {path: page for path, page in walked.pages.items() if _is_own(walked.endpoint(path))}
    assert len(own) > 30
    for path, page in own.items():
        assert not _says(_title(page), CONDITION, *TOWNS), (path, _title(page))


def test_no_address_says_a_town(walked: Walker) -> None:
    """Neither one that was asked for nor one that a page leads to."""
    linked = [
        (path, link)
        for path, page in walked.pages.items()
        for link in re.findall(r'(?:href|action|src|data-[\w-]+)="([^"]*)"', page)
    ]
    for path, address in (*((path, path) for path in walked.pages), *linked):
        assert not _says(fold(unquote_plus(unescape(address))), *TOWNS), (path, address)


class _Typed(HTMLParser):
    """The forms that put into an address what is typed into them."""

    def __init__(self) -> None:
        super().__init__()
        self.is_get = False
        self.action = ""
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.is_get = (given.get("method") or "get").lower() == "get"
            self.action = given.get("action") or ""
        elif self.is_get and (
            tag == "textarea" or (tag == "input" and given.get("type") in {None, "text", "search"})
        ):
            self.found.append(self.action)


def test_what_is_typed_goes_into_no_address(walked: Walker) -> None:
    met: set[str] = set()
    for path, page in walked.pages.items():
        reader = _Typed()
        reader.feed(page)
        for action in reader.found:
            kind = walked.endpoint(action or path)
            met.add(kind)
            is_staffs = bool(PERMISSIONS[kind].roles)
            assert kind in SEARCHES or is_staffs, (path, action)
    assert met >= SEARCHES


def test_each_page_that_names_a_condition_can_be_left(walked: Walker) -> None:
    for path, page in walked.pages.items():
        kind = walked.endpoint(path)
        main = re.search(r"<main.*</main>", page, re.S)
        access = PERMISSIONS.get(kind)
        is_page = main and access and not access.roles and kind not in A_FILE
        is_list = kind in ABOUT_MANY and "?" not in path
        if is_page and not is_list and _says(fold(re.sub(r"<[^>]*>", " ", main[0])), CONDITION):
            assert "data-leave=" in page, path
