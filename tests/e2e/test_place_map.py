"""What the map for placing oneself draws."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.settling import settle

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
LOWEST = """(all) => Math.max(...all.map((one) => one.getBBox()).map((it) => it.y + it.height))"""
TOP = """(all) => Math.min(...all.map((one) => one.getBBox().y))"""


def test_the_ice_of_the_south_is_not_drawn(open_page: Open) -> None:
    """It would be larger than Africa, and nobody lives there."""
    page, watch = open_page(width=1280, height=1400)
    page.goto("/conditions/dystonia/join")
    shapes = page.locator("#place-map .shape-countries")
    expect(shapes.first).to_be_attached()
    for _ in range(8):
        page.locator("#place-map .leaflet-control-zoom-out").click(force=True)
        settle(page)
    # The world is 256 pixels wide and high: with the ice it is drawn 246 high, without it 170.
    lowest, top = (shapes.evaluate_all(script) for script in (LOWEST, TOP))
    assert lowest - top < 256 * 0.7
    watch.assert_clean()
