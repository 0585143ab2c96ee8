"""The exact position of a person stays on their device: in no request, and nowhere in store."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import MetaData

from mapapp.store.database import make_engine
from tests.e2e.acts import picked_area, put_on_map, sign_in
from tests.e2e.conftest import Live
from tests.e2e.stored import stored_bytes, stored_rows

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
POSITION = {"latitude": 53.79648, "longitude": -1.54785}
TOLD = ("53.7964", "53.7965", "1.5478", "1.5479")
"""Either number to four decimals, cut and rounded."""


def test_exact_position_reaches_nobody(open_page: Open, live: Live, logged: Path) -> None:
    page, watch = open_page(geolocation=POSITION, permissions=["geolocation"])
    sign_in(page, "secret-position@example.org", "/conditions/dystonia/place")
    page.get_by_role("button", name="Use my location").click()
    expect(page.get_by_text("Others see you somewhere around Leeds")).to_be_visible()
    area = picked_area(page)
    put_on_map(page)
    expect(page.get_by_text("You are counted here")).to_be_visible()
    page.get_by_role("button", name="Near me").click()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)
    page.goto("/conditions/dystonia/nearby?place=mine")
    page.goto("/places")

    sent = [asked for asked in watch.requests for told in TOLD if told in asked]
    assert sent == []
    kept = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    )
    assert not any(told in kept for told in TOLD)
    held = [name for name, data in stored_bytes(live) for told in TOLD if told.encode() in data]
    assert held == []
    rows = list(stored_rows(live))
    assert any(name == "membership" and str(area) in row for name, row in rows), "nothing to see"
    assert [row for _name, row in rows for told in TOLD if told in row] == []
    assert logged.exists()
    watch.assert_clean()


def test_no_column_could_hold_a_point(live: Live) -> None:
    engine = make_engine(live.settings.sqlalchemy_url)
    tables = MetaData()
    tables.reflect(engine)
    engine.dispose()
    words = {"lat", "lng", "lon", "latitude", "longitude", "cell", "h3", "postcode", "street"}
    columns = [c for table in tables.sorted_tables for c in table.columns]
    assert [str(c) for c in columns if words & set(c.name.lower().split("_"))] == []
