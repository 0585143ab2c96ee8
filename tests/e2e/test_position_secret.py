"""A person's exact position stays on their device: it is in no request and stored nowhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import MetaData, select

from mapapp.store.database import make_engine
from mapapp.store.members import Member
from tests.e2e.acts import picked_area, put_on_map, sign_in
from tests.e2e.conftest import Live
from tests.e2e.settling import settle
from tests.e2e.stored import stored_bytes, stored_rows

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
POSITION = {"latitude": 53.79648, "longitude": -1.54785}
TOLD = ("53.7964", "53.7965", "1.5478", "1.5479")
"""Either number to four decimals, truncated and rounded."""


def told_in(text: str | bytes) -> list[str]:
    """Return the parts of the position that ``text`` contains."""
    data = text.encode() if isinstance(text, str) else text
    return [told for told in TOLD if told.encode() in data]


def test_exact_position_reaches_nobody(own_live: Live, open_page: Open, logged: Path) -> None:
    here = {"geolocation": POSITION, "permissions": ["geolocation"]}
    page, watch = open_page(site=own_live, **here)
    sign_in(page, "secret-position@example.org", "/conditions/dystonia/place")
    page.get_by_role("button", name="Use my location").click()
    page.get_by_role("radio", name="Around Leeds").check()  # a region is offered first to few
    expect(page.get_by_text("Others see you somewhere around Leeds")).to_be_visible()
    area = picked_area(page)
    put_on_map(page)
    expect(page.get_by_text("You are counted here")).to_be_visible()
    page.goto("/conditions/dystonia/map")
    page.get_by_role("button", name="Near me").click()
    settle(page, calm=0.5)
    page.goto("/conditions/dystonia/nearby?place=mine")
    page.goto("/places")

    assert [asked for asked in watch.requests if told_in(asked)] == []
    kept = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    )
    assert told_in(kept) == []
    rows = list(stored_rows(own_live))
    assert [row for _name, row in rows if told_in(row)] == []
    files = list(stored_bytes(own_live))
    assert [name for name, data in files if told_in(data)] == []
    assert told_in(logged.read_bytes()) == []

    # What was searched is where this visit left something.
    assert [str(area) in row for name, row in rows if name == "membership"] == [True]
    (handle,) = handles(own_live)
    assert [name for name, data in files if handle.encode() in data], "not this site's database"
    watch.assert_clean()


def handles(live: Live) -> list[str]:
    """Return the handles of all members of a site."""
    engine = make_engine(live.settings.sqlalchemy_url)
    with engine.connect() as connection:
        found = list(connection.scalars(select(Member.session_handle)))
    engine.dispose()
    return found


def test_no_column_could_hold_a_point(live: Live) -> None:
    engine = make_engine(live.settings.sqlalchemy_url)
    tables = MetaData()
    tables.reflect(engine)
    engine.dispose()
    words = {"lat", "lng", "lon", "latitude", "longitude", "cell", "h3", "postcode", "street"}
    columns = [c for table in tables.sorted_tables for c in table.columns]
    assert [str(c) for c in columns if words & set(c.name.lower().split("_"))] == []
