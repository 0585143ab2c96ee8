"""One long visit with names planted everywhere, then a search of all that was kept and written.

An address, a network address, a position, a condition and a pseudonym each have places where they
belong, and are found nowhere else.
"""

import http.client
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import expect

from mapapp.actions.core.audit import SHELL, By
from mapapp.actions.operations.staff_acts import ConditionText, add_condition
from mapapp.actions.statistics.export_make import export_numbers
from mapapp.actions.statistics.export_request import Request
from mapapp.domain.statistics.export_choices import FORMATS, PICTURES
from mapapp.store.database import make_engine, transaction
from tests.e2e.acts import click_through, put_on_map, sign_in
from tests.e2e.conftest import Live
from tests.e2e.stored import stored_bytes, stored_rows
from tests.sampling import Sampling

pytestmark = pytest.mark.browser

ADDRESS = "canary.robin@canary-mail.example"
NETWORK = "127.93.81.67"
POSITION = {"latitude": 53.7193846, "longitude": -1.8641729}
TOLD = ("53.71938", "1.86417")
CONDITION = "Canarosis zqx"
SLUG = "canarosis-zqx"
PSEUDONYM = "Quiet Canary Zqx"

ALLOWED = {
    CONDITION: {"condition", "export"},
    SLUG: {"condition", "audit_entry", "export"},
    PSEUDONYM: {"membership", "listing"},
}
"""Tables in which a planted text belongs: exports are about conditions, and so are staff acts."""


@pytest.fixture
def condition(live: Live) -> str:
    engine = make_engine(live.settings.sqlalchemy_url)
    with transaction(engine) as session:
        add_condition(session, SHELL, ConditionText(CONDITION, "", ()), "a planted name")
    engine.dispose()
    return SLUG


def _visit(live: Live, path: str, form: dict[str, str] | None = None, cookie: str = "") -> Any:
    """Ask from an address of its own; browsers cannot choose theirs."""
    parts = urlsplit(live.url)
    link = http.client.HTTPConnection(
        parts.hostname or "", parts.port, timeout=30, source_address=(NETWORK, 0)
    )
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    link.request("POST" if form else "GET", path, urlencode(form) if form else None, headers)
    answer = link.getresponse()
    body = answer.read().decode(errors="replace")
    link.close()
    return answer, body


def _as_a_visitor(live: Live) -> None:
    """Look around, search nearby (which counts visits), and ask for a link."""
    here = f"/conditions/{SLUG}"
    shared = (f"{here}/share", f"{here}/card.png", f"{here}/poster.pdf", f"/embed{here}")
    for path in ("/", here, *shared):
        assert _visit(live, path)[0].status == 200
    found = _visit(live, f"/conditions/{SLUG}/nearby", {"town": "Leeds"})[0]
    assert _visit(live, found.getheader("Location") or "")[0].status == 200
    answer, body = _visit(live, "/sign-in")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', body)
    cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
    assert token
    sent = {"csrf_token": token[1], "email": ADDRESS}
    assert _visit(live, "/sign-in", sent, cookie)[0].status == 303


def _as_a_member(open_page: Callable[..., Any]) -> Any:
    """Join, place oneself where one is, look at everything of one's own, wish and knock."""
    page, watch = open_page(geolocation=POSITION, permissions=["geolocation"])
    sign_in(page, ADDRESS, f"/conditions/{SLUG}/place")
    page.get_by_role("button", name="Use my location").click()
    page.get_by_role("radio", name=re.compile("^Around ")).check()  # the finest there is
    expect(page.get_by_text("Others see you somewhere").first).to_be_visible()
    page.get_by_role("textbox", name="Pseudonym").fill(PSEUDONYM)
    page.get_by_role("checkbox", name="Email me").check()
    put_on_map(page)
    expect(page.get_by_role("heading", name="You are on the map")).to_be_visible()
    for path in ("/places", "/news", "/account", "/account/data", "/consent", "/inbox"):
        page.goto(path)
    page.goto(f"/conditions/{SLUG}/nearby?place=mine")
    click_through(page.get_by_role("link", name="Tell me when there are more people"))
    page.get_by_role("checkbox", name="Send me one email").check()
    click_through(page.get_by_role("button", name="Tell me", exact=True))
    return watch


def _exports(live: Live, sampling: Sampling) -> list[bytes]:
    """What staff take out of the site: every format, the plainest at the finest level.

    All formats are written from the same table; a full run writes each of them at that level.
    """
    coarser = "zone" if sampling.full else "region"
    engine = make_engine(live.settings.sqlalchemy_url)
    with transaction(engine) as session:
        made = [
            export_numbers(session, Request((SLUG,), level, kind), By(SHELL), site="Site")
            for kind in FORMATS
            for level in ["zone" if kind == "csv" else "country" if kind in PICTURES else coarser]
        ]
    engine.dispose()
    return [part for one in made for part in (one.content, one.codebook.encode())]


def test_what_is_planted_is_found_only_where_it_belongs(
    open_page: Callable[..., Any], live: Live, logged: Path, condition: str, sampling: Sampling
) -> None:
    _as_a_visitor(live)
    watch = _as_a_member(open_page)
    exports = _exports(live, sampling)

    rows = list(stored_rows(live))
    for planted, tables in ALLOWED.items():
        found = {table for table, row in rows if planted in row}
        assert found == tables, planted
    for planted in (ADDRESS, "canary-mail", NETWORK, *TOLD):
        assert [table for table, row in rows if planted in row] == [], planted
        held = [name for name, data in stored_bytes(live) if planted.encode() in data]
        # Development keeps a copy of the mail it sent; no other site does.
        assert set(held) <= {"sent-mail.jsonl"}, planted
    log = logged.read_text(encoding="utf-8")
    for planted in (ADDRESS, "canary-mail", NETWORK, *TOLD, CONDITION, SLUG, PSEUDONYM):
        assert planted not in log, planted
    for planted in (ADDRESS, NETWORK, *TOLD, PSEUDONYM):
        assert not any(planted.encode() in file for file in exports), planted
    watch.assert_clean()
