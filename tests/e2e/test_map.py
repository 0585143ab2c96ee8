"""The world map of a condition: zoom, badges, panel, and the way to the people."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from mapapp.domain.safety import reading_limits
from tests.e2e.acts import (
    Visitor,
    ask_for_link,
    click_through,
    link_in_mail,
    open_link,
    place_in_town,
)
from tests.e2e.conftest import Live
from tests.e2e.settling import settle

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
MAP = "/conditions/dystonia/map"
CALM = 0.3  # seconds; Leaflet ends a movement by the clock


def drawing(page: Page) -> Locator:
    """The map itself, without its controls."""
    return page.get_by_role("application")


def badges(page: Page) -> Locator:
    """The round buttons with a number in them."""
    return drawing(page).get_by_role("button", name=re.compile(r"(person|people)$"))


def single_badges(page: Page) -> Locator:
    """Badges of one area; others stand for several that lie too close, and zoom in on them."""
    return badges(page).and_(page.locator(":not(.badge-group)"))


def panel(page: Page) -> Locator:
    """The panel beside the map of a selected area."""
    return page.get_by_role("dialog")


def names(page: Page) -> dict[str, int]:
    """Area names with their numbers, as the badges on screen tell them to a screen reader."""
    told = badges(page).evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    split = [re.match(r"(.+): ([\d,]+) (?:person|people)$", one) for one in told]
    assert all(split), told
    return {one[1]: int(one[2].replace(",", "")) for one in split if one}


def open_map(page: Page, where: str = "") -> None:
    """Open the map and wait until its badges stand still: what is in view splits as data comes."""
    page.goto(MAP + where)
    badges(page).first.wait_for()
    settle(page, CALM)


def where_to(visitor: Visitor, level: str) -> tuple[dict[str, Any], int]:
    """Return the area of a level where most people are, and how many."""
    counts = visitor.counts("dystonia", level)
    most = max(counts, key=lambda area: counts[area])
    return visitor.area(most), counts[most]


def at(zoom: float, area: dict[str, Any]) -> str:
    """Return the part of the map's address that shows an area."""
    return f"#{zoom}/{area['label']['lat']:.2f}/{area['label']['lng']:.2f}"


def test_countries_split_into_regions_and_zones(open_page: Open, visitor: Visitor) -> None:
    """Zooming in on one spot passes through all levels; the number there never grows."""
    zone, people = where_to(visitor, "zone")
    country = visitor.area(visitor.area(zone["parent"])["parent"])
    region = visitor.area(zone["parent"])
    page, watch = open_page()
    open_map(page)
    expect(drawing(page).get_by_role("button", name=re.compile(country["name"]))).to_be_visible()
    levels = {}
    for zoom in (5, 7, 9, 11):
        page.goto(MAP + at(zoom, zone))
        badges(page).first.wait_for()
        settle(page, CALM)
        levels[zoom] = names(page)
    shown = [name for found in levels.values() for name in found]
    assert any(name.startswith(region["name"]) for name in shown), levels
    assert levels[11].get(zone["name"]) == people, levels[11]
    watch.assert_clean()


def test_zooming_with_the_buttons_splits_badges(open_page: Open, visitor: Visitor) -> None:
    page, watch = open_page()
    country, people = where_to(visitor, "country")
    open_map(page, at(2, country))
    before = names(page)
    for _step in range(5):
        page.get_by_title("Zoom in", exact=True).click()
        settle(page, CALM)
    after = names(page)
    assert any(country["name"] in name for name in before), before
    of_country = re.compile(rf"{re.escape(country['name'])}$|.*\(.*{re.escape(country['name'])}")
    assert not [name for name in after if of_country.match(name)], after
    assert sum(after.values()) <= people + sum(before.values())
    watch.assert_clean()


def test_badges_never_cover_each_other(open_page: Open) -> None:
    page, _watch = open_page()
    open_map(page)
    boxes = badges(page).evaluate_all(
        "all => all.map(one => { const r = one.getBoundingClientRect();"
        " return [r.x + r.width / 2, r.y + r.height / 2, r.width]; })"
    )
    assert min(width for _x, _y, width in boxes) >= 28
    for index, (x, y, width) in enumerate(boxes):
        for other_x, other_y, other in boxes[:index]:
            apart = ((x - other_x) ** 2 + (y - other_y) ** 2) ** 0.5
            assert apart >= (width + other) / 2 - 1


def test_all_badges_together_are_everybody(open_page: Open, visitor: Visitor) -> None:
    page, _watch = open_page()
    open_map(page)
    assert sum(names(page).values()) == visitor.total("dystonia")


def test_cities_are_named_before_their_suburbs(open_page: Open) -> None:
    page, watch = open_page()
    open_map(page, "#7/52.8/-1.5")
    labels = page.locator(".map-label-zone").all_inner_texts()
    assert {"Birmingham", "Manchester", "Nottingham", "Sheffield"} <= set(labels)
    assert not {"Arnold", "Shirley", "Sutton Coldfield"} & set(labels)
    watch.assert_clean()


def test_badge_by_mouse_shows_number_people_and_links(open_page: Open, visitor: Visitor) -> None:
    country, _people = where_to(visitor, "country")
    page, watch = open_page()
    open_map(page, at(5, country))
    badge = single_badges(page).first
    label = badge.get_attribute("aria-label") or ""
    badge.click()
    expect(panel(page)).to_be_visible()
    expect(panel(page)).to_contain_text(label.rsplit(": ", 1)[1])
    expect(panel(page).get_by_role("link", name="See everything about this area")).to_be_visible()
    expect(panel(page).get_by_role("link", name=re.compile("near"))).to_be_visible()
    panel(page).get_by_role("button", name="Close").click()
    expect(panel(page)).to_be_hidden()
    watch.assert_clean()


def test_badge_by_keyboard(open_page: Open) -> None:
    """Focus, Enter, the panel; Escape closes it and the focus is back where it was."""
    page, watch = open_page()
    open_map(page)
    badge = single_badges(page).first
    label = badge.get_attribute("aria-label") or ""
    badge.focus()
    page.keyboard.press("Enter")
    expect(panel(page)).to_be_visible()
    expect(panel(page)).to_contain_text(label.rsplit(": ", 1)[1])
    assert panel(page).evaluate("panel => panel.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == label
    watch.assert_clean()


def test_joint_badge_by_keyboard_zooms_and_keeps_the_focus(open_page: Open) -> None:
    """Keyboard users must not be thrown back to the top of the page."""
    page, watch = open_page()
    open_map(page)
    joint = badges(page).and_(page.locator(".badge-group")).first
    joint.focus()
    before = page.url
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)
    settle(page, CALM)
    assert drawing(page).evaluate("map => map.contains(document.activeElement)")
    watch.assert_clean()


def test_hover_and_focus_name_the_area(open_page: Open) -> None:
    page, _watch = open_page()
    open_map(page)
    badge = badges(page).first
    name = (badge.get_attribute("aria-label") or "").split(" (")[0].split(":")[0]
    for act in (badge.hover, badge.focus):
        act()
        expect(page.get_by_role("tooltip").or_(page.locator(".map-tip")).first).to_contain_text(
            name
        )
        page.mouse.move(2, 2)
        page.evaluate("document.activeElement.blur()")


def test_the_panel_says_why_there_are_no_more_names(
    open_page: Open, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_limits, "MOST_PEOPLE", 0)
    page, _ = open_page()
    # With a cookie it is counted anew: who was let read a list may read it again all day.
    page.context.add_cookies([{"name": "any", "value": "one", "url": live.url}])
    open_map(page, "#US")
    people = panel(page).locator("[data-part=people]")
    expect(people).to_contain_text("no new names are shown until tomorrow")
    expect(people.get_by_role("listitem")).to_have_count(0)
    expect(panel(page)).to_contain_text(re.compile(r"\d+ (person|people)"))


def test_connect_from_the_map_leads_through_sign_in_and_back(open_page: Open) -> None:
    """A stranger finds a person on the map, joins by mail, and asks for contact."""
    page, watch = open_page()
    open_map(page)
    connect = panel(page).get_by_role("link", name=re.compile("^Connect"))
    for index in range(single_badges(page).count()):
        single_badges(page).nth(index).focus()
        page.keyboard.press("Enter")
        expect(panel(page)).to_be_visible()
        people = panel(page).locator("[data-part=people]")
        expect(people).not_to_have_attribute("aria-busy", "true", timeout=20_000)
        if connect.count():
            break
        page.keyboard.press("Escape")
    pseudonym = (connect.first.get_attribute("aria-label") or connect.first.inner_text()).replace(
        "Connect with ", ""
    )
    connect.first.click()
    expect(page.get_by_role("heading", name="Sign in, or join")).to_be_visible()
    ask_for_link(page, "from-the-map@example.org")
    open_link(page, link_in_mail(page, "from-the-map@example.org"))
    expect(page).to_have_url(re.compile(r"/members/[0-9a-f-]{36}/connect\?condition=dystonia"))
    expect(page.get_by_role("heading", name=pseudonym)).to_be_visible()
    # People talk only with others on the same map, so the site asks them to join it first.
    back = page.url
    page.get_by_role("link", name="Put me on the map").click()
    place_in_town(page, "dystonia", "Leeds")
    expect(page.get_by_text("You are counted here")).to_be_visible()
    page.goto(back)
    page.get_by_label("I would like to meet people near me").check()
    click_through(page.get_by_role("button", name="Ask"))
    page.goto("/inbox")
    expect(page.get_by_role("region", name="People you have asked")).to_contain_text(pseudonym)
    watch.assert_clean()
