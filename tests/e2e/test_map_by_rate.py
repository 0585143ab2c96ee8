"""The switch between people and people per million: shades, list, address, words."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mapapp.domain.areas.area_tree import load_areas

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
MAP = "/conditions/dystonia/map"
LISTED = "document.querySelector('#countries tbody').innerText"
SHADES = "[...document.querySelectorAll('.shape-countries')].map((s) => s.dataset.shade).join('')"


def open_map(page: Page, where: str = "") -> None:
    page.goto(MAP + where)
    page.locator(".badge").first.wait_for()


def test_the_switch_changes_shades_and_legend(open_page: Open) -> None:
    page, watch = open_page()
    open_map(page)
    page.locator(".shape-countries[data-shade='5']").first.wait_for(state="attached")
    before = page.evaluate(SHADES)
    expect(page.get_by_text("People on this map", exact=True)).to_be_visible()
    page.locator(".map-modes").get_by_role("link", name="Per million").click()
    expect(page.get_by_text("People per million residents, approximate")).to_be_visible()
    expect(page.get_by_text("People on this map", exact=True)).to_be_hidden()
    assert page.evaluate(SHADES) != before
    watch.assert_clean()


def test_the_choice_is_in_the_address_and_sorts_the_list_as_the_server_does(
    open_page: Open,
) -> None:
    page, watch = open_page()
    open_map(page, "#3/30/20")
    before = page.evaluate(LISTED)
    head = page.locator("#countries thead")
    head.get_by_role("link", name="Per million").click()
    expect(page).to_have_url(re.compile(r"/map\?by=rate#3/30/20$"))
    expect(head.locator("[aria-sort=descending]")).to_have_text("Per million")
    sorted_here, shades = page.evaluate(LISTED), page.evaluate(SHADES)
    assert sorted_here != before
    page.reload()
    page.locator(".folium-map.is-drawn").wait_for()
    assert page.evaluate(LISTED) == sorted_here
    assert page.evaluate(SHADES) == shades
    drawn = page.locator(".map-drawn .shape[data-shade='0']")
    assert drawn.count() > 0  # fewer than eight people
    page.locator(".map-modes").get_by_role("link", name="People").click()
    expect(page).to_have_url(re.compile(r"/map#3/"))
    assert page.evaluate(LISTED) == before
    watch.assert_clean()


def test_on_a_phone_the_choice_outlasts_closing_the_map(open_page: Open) -> None:
    page, _watch = open_page(width=360, height=740, has_touch=True, is_mobile=True)
    page.goto(MAP)
    page.get_by_role("link", name="Open the map").last.tap()
    page.locator(".badge").first.wait_for()
    page.get_by_text("What the colours mean").tap()
    page.locator(".map-modes").get_by_role("link", name="Per million").tap()
    expect(page).to_have_url(re.compile(r"\?by=rate#"))
    page.go_back()
    expect(page.locator("#map-stage")).not_to_have_class(re.compile("is-open"))
    expect(page).to_have_url(re.compile(r"/map\?by=rate$"))


@pytest.mark.parametrize("width", [360, 1280])
def test_without_scripts_two_links_switch(open_page: Open, width: int) -> None:
    page, _watch = open_page(width=width, java_script_enabled=False)
    page.goto(MAP)
    place = ".map-modes" if width == 1280 else "#countries thead"
    page.locator(place).get_by_role("link", name="Per million").click()
    expect(page).to_have_url(re.compile(r"\?by=rate"))
    expect(page.get_by_text("Fewer than 8 people")).to_be_visible()
    page.locator(place).get_by_role("link", name="People").click()
    expect(page).to_have_url(re.compile(r"/map(#countries)?$"))


def test_few_people_have_no_rate_in_tip_and_panel(open_page: Open) -> None:
    page, _watch = open_page()
    open_map(page)
    numbers = page.evaluate("JSON.parse(document.getElementById('map-numbers').textContent)")
    counts = dict(zip(numbers["counts"], numbers["ids"], strict=True))
    few, many = min(counts), max(counts)
    assert few < 8 < many
    for people, has_rate in ((few, False), (many, True)):
        code = load_areas().get(counts[people]).code
        page.goto(f"{MAP}#{code}")
        page.reload()
        lines = page.locator('#map-panel [data-part="numbers"]')
        expect(lines).to_contain_text("people" if people > 1 else "person")
        assert ("million residents" in lines.inner_text()) == has_rate


def test_the_drawn_world_follows_the_choice(open_page: Open) -> None:
    """It is the map of a phone, and on paper: its shades are those of the legend beside it."""
    page, watch = open_page(width=360, height=740, has_touch=True, is_mobile=True)
    shades = "[...document.querySelectorAll('.map-world a path')].map((one) => one.dataset.shade)"
    page.goto(MAP)
    page.locator("#map-stage.is-live").wait_for()
    before = page.evaluate(shades)
    page.locator("#countries thead").get_by_role("link", name="Per million").tap()
    expect(page).to_have_url(re.compile(r"\?by=rate"))
    chosen = page.evaluate(shades)
    page.reload()
    assert page.evaluate(shades) == chosen != before
    watch.assert_clean()
