"""Putting a second map beside the first: by keyboard, on a phone, without scripts, and on paper."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_by_keyboard import press, tab_to
from tests.e2e.test_share import NOT_PRINTED

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
MAP = "/conditions/dystonia/map"
BOTH = "/conditions/dystonia/compare/parkinsons-disease"
MOST_SHEETS = 4
"""Of two maps that reach a hundred countries."""
LARGER_THAN_TEXT = """() => {
  const size = (one) => parseFloat(getComputedStyle(one).fontSize);
  const most = size(document.body) + 0.1;
  return [...document.querySelectorAll("main :is(.small, .compare-rate, th, td, p:not(.lead))")]
    .filter((one) => one.offsetWidth && size(one) > most)
    .map((one) => one.outerHTML.slice(0, 80));
}"""


def _shows_both(page: Page) -> None:
    expect(page).to_have_url(re.compile(f"{BOTH}$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Parkinson")
    expect(page.get_by_role("img", name=re.compile("^World map of"))).to_have_count(2)
    china = page.get_by_role("row", name=re.compile("^China"))
    assert all(int(words.split()[0]) for words in china.get_by_role("cell").all_inner_texts())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_second_map_is_chosen_by_keyboard(open_page: Open) -> None:
    page, watch = open_page(width=360, height=740)
    page.goto(MAP)
    press(page, "Compare with another condition")
    tab_to(page, "Which other condition?")
    page.keyboard.type("Parkinson")
    page.get_by_role("option", name="Parkinson's disease").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    press(page, "Compare", "submit")
    _shows_both(page)
    press(page, "Dystonia")
    expect(page).to_have_url(re.compile(f"/conditions/dystonia$|{MAP}$"))
    watch.assert_clean()


def test_a_second_map_is_chosen_without_scripts(open_page: Open) -> None:
    page, _watch = open_page(width=360, height=740, java_script_enabled=False)
    page.goto(MAP)
    page.get_by_role("link", name="Compare with another condition").click()
    page.get_by_label("Which other condition?").fill("Parkinson")
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("link", name=re.compile(r"^Parkinson's disease\b")).first.click()
    expect(page).to_have_url(re.compile(f"{BOTH}$"))
    expect(page.get_by_role("row", name=re.compile("^China"))).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_both_maps_and_the_list_are_printed_and_nothing_to_press(
    open_page: Open, scripts: bool
) -> None:
    page, watch = open_page(width=718, java_script_enabled=scripts, color_scheme="dark")
    page.goto(BOTH)
    page.emulate_media(media="print")
    for one in page.get_by_role("img", name=re.compile("^World map of")).all():
        expect(one).to_be_visible()
    expect(page.locator("table.data tbody tr").last).to_be_visible()
    assert [it.inner_html()[:80] for it in page.locator(NOT_PRINTED).all() if it.is_visible()] == []
    assert page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n") <= MOST_SHEETS
    if scripts:
        assert page.evaluate(LARGER_THAN_TEXT) == []
        left = page.locator("h1").evaluate("(one) => one.getBoundingClientRect().left")
        assert left == 0  # the paper has its own margin
    watch.assert_clean()
