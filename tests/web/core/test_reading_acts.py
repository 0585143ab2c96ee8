"""Reading changes no row: each page, by each method that reads, by everybody (privacy rule 4)."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from mapapp.paths import PACKAGE
from mapapp.settings import Settings
from mapapp.store.sign_in import WebSession
from mapapp.store.tables import Base
from tests.languages.walking import LINK, Walker
from tests.languages.world import live
from tests.mail import links_in, waiting_mail
from tests.sampling import Sampling
from tests.web.core.test_access import pages

METERED = {"quota", "reading"}
"""Tables of limits: keyed hashes that nobody can notice."""

MAY_CHANGE = {
    "questions.show_question": {"question": "how often it was read, in batches"},
    "conversations.show_conversation": {"conversation_side": "up to where its reader has read"},
    "rulings.show_rulings": {"ruling": "that its reader has read it"},
    "moderation.case": {"audit_entry": "that a moderator read what was reported, which is audited"},
}
"""What a GET may note, and nothing else may. Nobody but the reader and the staff notices it."""

OVERRIDE = {"X-HTTP-Method-Override": "POST", "X-Method-Override": "DELETE"}
READING = ("HEAD", "GET")
ODD = ("OPTIONS", "TRACE", "PROPFIND", "get", "head", "PURGE")


class Watched:
    """A database of which each change is noticed, and told by table."""

    def __init__(self, engine: Engine) -> None:
        self.connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self.version, self.rows = self._version(), self._rows()

    def _version(self) -> int:
        return int(self.connection.execute(text("PRAGMA data_version")).scalar_one())

    def _rows(self) -> dict[str, list[Any]]:
        held = {
            table.name: sorted(map(repr, self.connection.execute(select(table))))
            for table in Base.metadata.sorted_tables
        }
        # What a session holds may change, such as its form's token; whose it is may not.
        whose = select(WebSession.public_id, WebSession.member_id)
        return held | {"web_session": sorted(map(repr, self.connection.execute(whose)))}

    def changed(self) -> set[str]:
        """Return the tables that have changed since the last time."""
        version = self._version()
        if version == self.version:
            return set()
        before, self.version, self.rows = self.rows, version, self._rows()
        return {name for name, rows in self.rows.items() if rows != before[name]}


@dataclass
class Reader:
    """Somebody who reads, and every address that they were shown."""

    name: str
    browser: FlaskClient
    addresses: list[str]
    others: list[str]
    """One address of each further kind of page, which nothing led them to."""


def _linked(walker: Walker, each: int) -> Iterator[str]:
    """Yield addresses that the pages lead to, of forms as well, some of each kind of page."""
    found: dict[str, list[str]] = {}
    for page in walker.pages.values():
        for address in map(html.unescape, LINK.findall(page)):
            kind = found.setdefault(walker.endpoint(address), [])
            if address not in kind and len(kind) < each:
                kind.append(address)
    return (address for kind, some in found.items() if kind for address in some)


@pytest.fixture
def readers(
    app: Flask,
    session: Session,
    settings: Settings,
    login: Callable[..., FlaskClient],
) -> list[Reader]:
    """A visitor who has asked for a link, a member, a moderator and an admin."""
    lived = live(session, settings)
    people = {"visitor": None, "member": lived.members["wren"], "moderator": lived.members["mod"],
              "admin": lived.members["robin"]}  # fmt: skip
    made = []
    others = [address for _endpoint, address, _method in pages(app)]
    for name, who in people.items():
        browser = app.test_client()
        if who is not None:
            login(who, on=browser)
        walker = Walker(app, browser, name)
        walker.walk((*("/", "/account", "/inbox", "/moderation", "/admin"), *lived.paths), each=1)
        addresses = dict.fromkeys((*lived.paths, *_linked(walker, 1)))
        met = {walker.endpoint(address) for address in addresses}
        rest = [address for address in others if walker.endpoint(address) not in met]
        made.append(Reader(name, browser, list(addresses), rest))
    visitor = made[0]
    visitor.browser.post("/sign-in", data={"email": "somebody@example.org"})
    session.rollback()
    newest = waiting_mail(session, settings)[-1]
    visitor.addresses += links_in(newest)
    session.rollback()
    return made


def test_reading_changes_no_row(
    app: Flask, engine: Engine, readers: list[Reader], sampling: Sampling
) -> None:
    watched, where = Watched(engine), Walker(app, readers[0].browser)
    kinds = {where.endpoint(address) for reader in readers for address in reader.addresses}
    assert len(kinds) > 70, f"only {len(kinds)} kinds of pages have a real address"
    for reader in readers:
        ways = [(address, method) for address in reader.addresses for method in READING]
        ways += [(address, "HEAD") for address in reader.others]
        ways += sampling.pairs(reader.addresses, ODD)
        for address, method in ways:
            answer = reader.browser.open(address, method=method, headers=OVERRIDE)
            assert answer.status_code < 500, (reader.name, method, address)
            endpoint = where.endpoint(address)
            changed = watched.changed() - METERED
            allowed = MAY_CHANGE.get(endpoint, {}) if method.upper() == "GET" else {}
            assert changed <= allowed.keys(), (reader.name, method, address, changed)
        if reader.name != "visitor":
            assert reader.browser.get("/account").status_code == 200, f"{reader.name} is out"


def test_no_page_acts_where_the_method_is_not_one_of_reading() -> None:
    """``if GET: form, else: act`` acts on HEAD, too; a page asks whether it was sent a form."""
    asks = re.compile(r"""request\.method\s*(?:==|!=|in|not in)\s*[^\n]*["'](?:GET|HEAD)["']""")
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in (PACKAGE / "web").rglob("*_views.py")
        if asks.search(path.read_text(encoding="utf-8"))
    }
    assert found == set()
