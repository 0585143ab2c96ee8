"""axe also finds nothing on the pages that there are only after something happened."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from mapapp.store.database import make_engine
from tests.e2e.acts import ask_for_link
from tests.e2e.conftest import Live, apart, fresh_settings, served
from tests.e2e.settling import settle
from tests.e2e.test_axe import LOOKS, PAGES, RULES, STAFF_PAGES
from tests.languages.walking import STARTS, Walker
from tests.languages.world import Lived, live
from tests.signed_in import sign_in
from tests.web.core.test_every_route import rules

pytestmark = pytest.mark.browser

KINDS = [
    *("account_address.show_address", "account_address.undone", "accounts.link"),
    *("accounts.sign_out", "admin.add_condition", "admin.change_role", "admin.edit_condition"),
    "advisers.show_offer",
    *("app_frame.offline", "connect.ask_for_contact", "connect.my_blocks", "conversations.leave"),
    *("conversations.search_messages", "conversations.show_conversation"),
    *("conversations.warn_of_link", "decades.show_decades"),
    *("moderation.case", "moderation.queue"),
    *("posts.change", "posts.list_post_versions", "reports.report", "rulings.show_rulings"),
    *("second_factor.second_step", "stories.show_story", "wishes.show_wishes"),
    *("webhooks.show_webhook", "yearly_check.ask_if_right"),
]
"""Pages that the demo does not have, by endpoint."""
ELSEWHERE = {
    "accounts.code": "asked for below",
    "account_address.show_confirm": "a button and a sentence, as of accounts.link",
    "account_address.show_undo": "a button and a sentence, as of accounts.link",
    "reports.thanks": "a sentence and two buttons, after a report was sent",
    "written.show": "a form as it was typed, between what all pages have",
    "pages.away": "leads to another site at once",
    "account.show_waiting": "leads to another page at once",
    "staff_exports.export_page": "the worker makes it",
}
"""Pages that are not in the table, and why: most need somebody to have acted a moment ago."""
FILES = re.compile(
    r"^(api_(areas|conditions|index|numbers)|assets|geo|feeds|health|search_engines)\."
    r"|^(share_files|towns|static)\b"
    r"|\.(manifest|worker|data_file|preview|export_(codebook|file)|people_of_area|map_script)$"
    r"|^app_icons\.|^map_files\.(page|picture|everywhere)$"
)
"""Answers that are no pages."""


@dataclass
class Met:
    """A page, and the cookie of whoever sees it."""

    path: str
    cookie: str


@pytest.fixture(scope="module")
def met(
    browser: Browser, databases: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Live, dict[str, Met]]]:
    """A site on which everything happened once, and a page of each kind."""
    settings = fresh_settings(databases, tmp_path_factory.mktemp("met"))

    def _live() -> Lived:
        engine = make_engine(settings.sqlalchemy_url)
        with Session(engine, expire_on_commit=False) as session:
            lived = live(session, settings)
        engine.dispose()
        return lived

    lived = apart(_live)
    with served(settings) as (site, app):
        yield site, apart(lambda: _pages(app, lived))


def _pages(app: Flask, lived: Lived) -> dict[str, Met]:
    """Walk as everyone; return for each kind of page the first one that opened."""
    found: dict[str, Met] = {}
    walkers = [Walker(app, app.test_client())]
    for name, member in lived.members.items():
        walkers.append(Walker(app, app.test_client(), name))
        sign_in(walkers[-1].client, member.id, member.session_handle)
    for walker in walkers:
        starts = (*STARTS, *lived.paths, "/offline", "/account/address/undone")
        walker.walk(starts, each=1)
        _keep(found, walker)
    by_mail_alone = Walker(app, app.test_client())
    robin = lived.members["robin"]
    sign_in(by_mail_alone.client, robin.id, robin.session_handle, strong=False)
    by_mail_alone.read("/account/second-step")
    _keep(found, by_mail_alone)
    return found


def _keep(found: dict[str, Met], walker: Walker) -> None:
    cookie = walker.client.get_cookie("session")
    for path in walker.pages:
        if walker.client.get(path).status_code == 200:
            met = Met(path, cookie.value if cookie else "")
            found.setdefault(walker.endpoint(path), met)


@pytest.mark.matrix(kind=KINDS, look=LOOKS)
def test_axe_finds_nothing_after_something_happened(
    open_page: Callable[..., Any],
    met: tuple[Live, dict[str, Met]],
    kind: str,
    look: tuple[str, int],
) -> None:
    (site, pages), (scheme, width) = met, look
    page, watch = open_page(site=site, width=width, color_scheme=scheme)
    if pages[kind].cookie:
        cookie = {"name": "session", "value": pages[kind].cookie, "url": site.url}
        page.context.add_cookies([cookie])
    assert page.goto(pages[kind].path).status == 200
    settle(page)
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    watch.assert_clean()


def test_axe_finds_nothing_where_a_code_is_asked_for(open_page: Callable[..., Any]) -> None:
    page, watch = open_page(width=360)
    page.goto("/sign-in")
    ask_for_link(page, "wren@example.org")
    page.wait_for_url("**/sign-in/code*")
    settle(page)
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    watch.assert_clean()


def test_every_page_is_looked_at(app: Flask) -> None:
    """Whoever adds a page lists it here or in test_axe.py."""
    at = app.url_map.bind("localhost")
    listed = {*KINDS, *ELSEWHERE}
    for path in (*PAGES, *STAFF_PAGES):
        try:
            listed.add(at.match(path.partition("?")[0])[0])
        except NotFound:
            assert path == "/no-such-page"
    pages = {rule.endpoint for rule in rules(app) if "GET" in (rule.methods or ())}
    assert {page for page in pages - listed if not FILES.search(page)} == set()
    assert {*KINDS, *ELSEWHERE} <= pages
