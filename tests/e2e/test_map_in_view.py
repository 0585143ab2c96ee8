"""What of the map is seen: in what part, what folds away, and what is said about it."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage
from tests.e2e.settling import settle

pytestmark = pytest.mark.browser

MAP = "/conditions/dystonia/map"
PHONE = {"width": 360, "height": 740, "has_touch": True, "is_mobile": True}


def test_on_a_phone_what_lies_on_the_map_folds(open_page: OpenPage) -> None:
    page, watch = open_page(**PHONE)
    page.goto(MAP + "#4.5/-25/133/AU")
    panel = page.get_by_role("dialog")
    expect(panel).to_be_visible()
    settle(page)
    box = panel.bounding_box()
    assert box is not None
    page.get_by_role("button", name="Details").click()
    folded = panel.bounding_box()
    assert folded is not None
    assert folded["height"] < 90 < box["height"]
    expect(panel.get_by_role("heading", name="Australia")).to_be_visible()
    page.get_by_role("button", name="Details").click()
    expect(panel.get_by_text("people live here in all")).to_be_visible()
    panel.get_by_role("button", name="Close").click()
    legend = page.locator("#map-legend")
    expect(legend.get_by_text("Nobody yet").first).to_be_hidden()
    legend.get_by_text("What the colours mean").click()
    expect(legend.get_by_text("Nobody yet").first).to_be_visible()
    watch.assert_clean()


def test_an_area_is_shown_in_the_part_that_no_panel_covers(open_page: OpenPage) -> None:
    page, _watch = open_page(**PHONE)
    page.goto(MAP + "#2.5/39/-98/US")
    panel = page.get_by_role("dialog")
    expect(panel).to_be_visible()
    settle(page)
    top = panel.bounding_box()
    badge = page.get_by_role("button", name=re.compile("^United States: ")).bounding_box()
    assert top is not None
    assert badge is not None
    assert abs(badge["y"] + badge["height"] / 2 - top["y"] / 2) < 8


def test_where_nobody_is_the_map_says_where_the_nearest_are(open_page: OpenPage) -> None:
    page, watch = open_page()
    page.goto(MAP + "#6/-35/-20")
    nowhere = page.locator("#map-nowhere")
    expect(nowhere).to_contain_text("Nobody here yet. Nearest: ")
    nowhere.get_by_role("button", name="Go there").click()
    expect(nowhere).to_be_hidden()
    page.locator(".badge").first.wait_for()
    watch.assert_clean()


def test_zooming_by_a_badge_is_said(open_page: OpenPage) -> None:
    page, _watch = open_page()
    page.goto(MAP)
    page.locator(".badge-group").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#map-status")).to_have_text(
        re.compile(r"Closer now: [\d,]+ (person|people) in view, in \d+ places?")
    )


def test_map_and_list_are_the_first_two_stops(open_page: OpenPage) -> None:
    page, _watch = open_page()
    page.goto(MAP)
    page.locator("#map-stage.is-live").wait_for()
    for name, part in (("Skip to the map", "map-stage"), ("Skip to the list", "countries")):
        page.goto(MAP)
        while not (page.evaluate("document.activeElement.textContent") or "").startswith(name):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(f"#{part}")).to_be_focused()


@pytest.mark.parametrize(
    ("where", "level"),
    [
        ("", "country"),
        ("#4/50/10", "country"),
        ("#5.5/50/10", "region"),
        ("#3.75/39/-98", "region"),
        ("#4.5/36/104", "region"),
        ("#4.25/-16/-52", "region"),  # in the latitude of Fiji, whose box goes around the world
        ("#7.5/51.5/0", "zone"),
    ],
)
def test_a_view_shows_areas_of_one_level(open_page: OpenPage, where: str, level: str) -> None:
    """One scale of shades and badges is true for areas of one kind alone."""
    page, watch = open_page()
    page.goto(MAP + where)
    page.locator(f'.badge[data-level="{level}"]').first.wait_for()
    settle(page, 0.3)
    shown = "[...new Set([...document.querySelectorAll('.badge')].map((b) => b.dataset.level))]"
    assert set(page.evaluate(shown)) <= {level, "rest"}
    watch.assert_clean()


def test_the_pacific_has_two_shores(open_page: OpenPage) -> None:
    page, watch = open_page()
    page.goto(MAP + "#2.5/15/180")
    west = page.get_by_role("button", name=re.compile("^Japan|Japan"))
    east = page.get_by_role("button", name=re.compile("^United States: "))
    assert west.first.bounding_box()
    settle(page, 0.3)
    left, right = west.first.bounding_box(), east.last.bounding_box()
    assert left is not None
    assert right is not None
    middle = page.locator("#map-stage").bounding_box()
    assert middle is not None
    assert left["x"] < middle["x"] + middle["width"] / 2 < right["x"] < 1280
    east.last.press("Enter")
    expect(page.get_by_role("dialog", name="United States")).to_be_visible()
    watch.assert_clean()


def test_small_countries_have_a_mark(open_page: OpenPage) -> None:
    page, _watch = open_page()
    page.goto(MAP)
    marks = page.locator(".shape-island")
    expect(marks.first).to_be_attached()
    whole = marks.count()
    page.goto(MAP + "#9/1.3/103.8")
    page.reload()
    page.locator(".folium-map.is-drawn").wait_for()
    assert marks.count() < whole / 2


def test_an_area_in_the_address_is_gone_to(open_page: OpenPage) -> None:
    """The panel that opens meanwhile must not stop the map on its way."""
    page, watch = open_page()
    page.goto(MAP + "#GB")
    expect(page.get_by_role("dialog", name="United Kingdom")).to_be_visible()
    expect(page).to_have_url(re.compile(r"#[4-9](\.\d+)?/5\d\.\d+/-?\d\.\d+/GB$"))
    part = page.get_by_role("dialog").get_by_role("button", name=re.compile("^England"))
    part.click()
    expect(page).to_have_url(re.compile(r"#[5-9](\.\d+)?/5\d\.\d+/-?\d\.\d+/GB-ENG$"))
    watch.assert_clean()


def test_zooming_in_on_a_phone_leaves_the_area_in_the_free_part(open_page: OpenPage) -> None:
    page, _watch = open_page(**PHONE)
    page.goto(MAP + "#2.5/46/2/FR")
    panel = page.get_by_role("dialog", name="France")
    panel.get_by_role("button", name="Zoom in").click()
    # The middle of the map lies south of France, which is above the sheet.
    expect(page).to_have_url(re.compile(r"#[3-9][\d.]*/(3\d|4[0-4])\.\d+/"))


def test_nobody_is_not_said_over_people_who_arrive_later(open_page: OpenPage) -> None:
    page, _watch = open_page()
    page.goto(MAP + "#7.5/51.5/0")
    page.locator('.badge[data-level="zone"]').first.wait_for()
    settle(page, 0.3)
    expect(page.locator("#map-nowhere")).to_be_hidden()


def test_a_view_across_the_pacific_can_be_sent(open_page: OpenPage) -> None:
    page, watch = open_page()
    page.goto(MAP + "#2.5/15/180")
    page.get_by_role("button", name=re.compile("^United States: ")).last.press("Enter")
    expect(page.get_by_role("dialog", name="United States")).to_be_visible()
    settle(page, 0.5)
    there = re.compile(r"#[\d.]+/[\d.]+/(1[89]|2)\d[\d.]*/US$")
    expect(page).to_have_url(there)
    page.reload()
    expect(page.get_by_role("dialog", name="United States")).to_be_visible()
    settle(page, 0.5)
    expect(page).to_have_url(there)
    watch.assert_clean()
