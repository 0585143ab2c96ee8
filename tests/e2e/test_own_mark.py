"""The member's own mark on a map: with the keyboard, on a phone, and without scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.acts import place_in_town, sign_in
from tests.e2e.settling import settle
from tests.e2e.test_axe import RULES

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
SLUG = "dystonia"
MAP = f"/conditions/{SLUG}/map"
TITLE = "You, for you alone"


def placed(page: Page, name: str) -> None:
    """Be on the map around Jena."""
    sign_in(page, f"{name}@example.org")
    place_in_town(page, SLUG, "Jena")
    page.goto(MAP)


def test_the_mark_says_with_the_keyboard_what_it_is_and_leaves_no_place_in_the_address(
    open_page: Open,
) -> None:
    page, watch = open_page()
    placed(page, "own-keyboard")
    mark = page.get_by_role("button", name=f"{TITLE}: Jena, Germany. Others see you in this area.")
    expect(mark).to_be_visible()
    page.locator("#map_world").focus()
    page.keyboard.press("Tab")
    expect(mark).to_be_focused()  # before all badges
    expect(page.locator(".map-tip")).to_contain_text("Who sees you: Members.")
    address = page.url
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name=TITLE)
    expect(panel).to_contain_text("Jena, Germany")
    expect(panel.get_by_role("button", name="Zoom in")).to_be_hidden()
    page.locator(".shape-opened").wait_for(state="attached")  # the area, not the point
    assert page.url == address
    settle(page)
    assert Axe().run(page, options=RULES).response["violations"] == []
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(mark).to_be_focused()
    watch.assert_clean()


def test_the_mark_stands_above_the_badge_of_its_area(open_page: Open) -> None:
    page, _watch = open_page(width=360, height=740, has_touch=True, is_mobile=True)
    placed(page, "own-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("link", name="Open the map").last.tap()
    mark = page.locator(".own-mark")
    expect(mark).to_be_in_viewport(ratio=1)
    settle(page)
    touching = page.evaluate(
        """() => {
          const box = (element) => element.getBoundingClientRect();
          const mark = box(document.querySelector(".own-mark"));
          const point = { x: mark.left + mark.width / 2, y: mark.bottom };
          return [...document.querySelectorAll(".badge")].map(box)
            .filter((b) => b.left < point.x && point.x < b.right)
            .filter((b) => b.top + 1 < point.y && mark.top < b.bottom).length;
        }"""
    )
    assert touching == 0
    mark.tap()
    expect(page.get_by_role("dialog", name=TITLE)).to_be_visible()


def test_without_scripts_a_sentence_says_the_same(open_page: Open) -> None:
    page, _watch = open_page(java_script_enabled=False)
    placed(page, "own-plain")
    beside = page.get_by_role("region", name="For you alone")
    expect(beside).to_contain_text(TITLE)
    expect(beside).to_contain_text("Jena, Germany")
    expect(beside).to_contain_text("Others see you in this area.")
    page.goto("/places")
    page.get_by_role("button", name="Hide me everywhere now").first.click()
    page.goto(MAP)
    expect(beside).to_have_count(0)
