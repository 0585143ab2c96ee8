"""The address of a map: the view and the area that it names, and what is typed over it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.settling import settle
from tests.e2e.test_map_page import open_map

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


def test_an_area_in_the_address_opens_its_panel(open_page: Open) -> None:
    page, watch = open_page()
    open_map(page, "#CN")
    expect(page.get_by_role("dialog", name="China")).to_be_visible()
    expect(page).to_have_url(re.compile(r"#[\d.]+/[\d.-]+/[\d.-]+/CN$"))
    watch.assert_clean()


def test_an_address_typed_by_hand_is_followed(open_page: Open) -> None:
    """To another area, to a place without one, and to an area alone."""
    page, watch = open_page()
    page.add_init_script(
        "document.addEventListener('map:ready', ({ detail }) => { window.testedMap = detail.map; })"
    )
    open_map(page, "#6/-25/133/AU")
    expect(page.get_by_role("dialog", name="Australia")).to_be_visible()

    page.evaluate("location.hash = '#6/54/-3/GB'")
    expect(page.get_by_role("dialog", name="United Kingdom")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/GB$"))

    page.evaluate(
        """() => {
          location.hash = "#6/-25/133/AU";
          window.testedMap.fire("moveend"); // a move ends before the map has followed
        }"""
    )
    expect(page.get_by_role("dialog", name="Australia")).to_be_visible()

    page.evaluate("location.hash = '#4/10/20'")
    expect(page.get_by_role("dialog", name="Australia")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"#4/10\.00/20\.00$"))

    page.evaluate("location.hash = '#CN'")
    expect(page.get_by_role("dialog", name="China")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/CN$"))

    page.evaluate("location.hash = '#countries'")  # a part of the page
    settle(page)
    expect(page.get_by_role("dialog", name="China")).to_be_visible()
    page.evaluate("location.hash = ''")
    expect(page.get_by_role("dialog", name="China")).to_be_hidden()
    watch.assert_clean()
