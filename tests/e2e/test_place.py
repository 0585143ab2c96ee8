"""Place oneself: by click, by keys, by position, by town, and without scripts."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.acts import (
    Visitor,
    choose_town,
    click_through,
    picked_area,
    place_in_town,
    put_on_map,
    sign_in,
)
from tests.e2e.settling import settle

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
PLACE = "/conditions/dystonia/place"
LEEDS = {"latitude": 53.79648, "longitude": -1.54785}


def preview(page: Page) -> str:
    """What the page says others will see."""
    return page.locator("#preview").inner_text()


def country_of(visitor: Visitor, area_id: int) -> str:
    """Return the code of the country an area lies in."""
    area = visitor.area(area_id)
    while area["level"] != "country":
        area = visitor.area(area["parent"])
    return str(area["code"])


def test_by_position(open_page: Open, visitor: Visitor) -> None:
    page, watch = open_page(geolocation=LEEDS, permissions=["geolocation"])
    sign_in(page, "by-position@example.org", PLACE)
    page.get_by_role("button", name="Use my location").click()
    expect(page.get_by_text("Others see you somewhere around Leeds")).to_be_visible()
    area = visitor.area(picked_area(page))
    assert (area["level"], area["name"]) == ("zone", "Leeds")
    people = re.search(r"where about ([\d,]+) people live", preview(page))
    assert people
    assert int(people[1].replace(",", "")) >= 100_000
    assert re.search(r"about \d+ km across", preview(page))
    put_on_map(page)
    expect(page.get_by_text("You are counted here")).to_be_visible()
    watch.assert_clean()


def test_position_refused_by_the_browser_says_what_to_do(open_page: Open) -> None:
    page, watch = open_page(permissions=[])
    sign_in(page, "no-position@example.org", PLACE)
    page.get_by_role("button", name="Use my location").click()
    told = page.get_by_role("status").or_(page.get_by_role("alert"))
    expect(told.filter(has_text=re.compile("town|map|list")).first).to_be_visible()
    assert watch.foreign == []


def test_position_far_out_at_sea_is_refused_clearly(open_page: Open) -> None:
    at_sea = {"latitude": -48.87667, "longitude": -123.39333}
    page, watch = open_page(geolocation=at_sea, permissions=["geolocation"])
    sign_in(page, "at-sea@example.org", PLACE)
    page.get_by_role("button", name="Use my location").click()
    told = (
        page.get_by_role("status")
        .or_(page.get_by_role("alert"))
        .filter(has_text=re.compile("sea|water|land|coast"))
    )
    expect(told.first).to_be_visible()
    assert page.get_by_role("button", name="Put me on the map").count() == 0
    watch.assert_clean()


def test_by_a_click_on_the_map(open_page: Open, visitor: Visitor) -> None:
    page, watch = open_page()
    sign_in(page, "by-click@example.org", PLACE)
    world = page.locator(".leaflet-container")
    world.scroll_into_view_if_needed()
    world.locator("path").first.wait_for(state="attached")
    box = world.bounding_box()
    # The middle of what is seen first is land in Africa or near it; a coastal click counts too.
    middle = {"x": box["width"] * 0.53, "y": box["height"] * 0.5}
    world.click(position=middle)
    expect(page.get_by_text("The map came closer.")).to_be_visible()
    assert page.get_by_role("button", name="Put me on the map").count() == 0
    settle(page)
    world.click(position={"x": box["width"] * 0.5, "y": box["height"] * 0.5})
    page.get_by_role("button", name="Put me on the map").wait_for()
    chosen = visitor.area(picked_area(page))
    assert chosen["level"] == "zone"
    expect(page.get_by_text("Others see you somewhere").first).to_contain_text("people live")
    assert chosen["name"] in preview(page)
    put_on_map(page)
    expect(page.get_by_text("You are counted here")).to_be_visible()
    watch.assert_clean()


def test_by_the_middle_of_the_map_with_the_keyboard(open_page: Open) -> None:
    page, watch = open_page()
    sign_in(page, "by-keys@example.org", PLACE)
    world = page.locator(".leaflet-container")
    world.locator("path").first.wait_for(state="attached")
    world.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The map came closer.")).to_be_visible()
    settle(page)
    page.keyboard.press("Enter")
    settle(page)
    told = page.get_by_text("Others see you somewhere").or_(
        page.get_by_role("status").filter(has_text=re.compile("sea|water|land|coast"))
    )
    expect(told.first).to_be_visible()
    watch.assert_clean()


def test_by_town_with_suggestions(open_page: Open) -> None:
    page, watch = open_page()
    sign_in(page, "by-town@example.org", PLACE)
    page.get_by_label("Type a town").press_sequentially("Münche")
    page.get_by_role("option").filter(has_text="Munich").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Others see you somewhere around Munich").first).to_be_visible()
    watch.assert_clean()


@pytest.mark.parametrize("script", ["Москва", "東京", "القاهرة"])
def test_towns_in_any_script(open_page: Open, script: str) -> None:
    page, watch = open_page()
    sign_in(page, f"script-{ord(script[0])}@example.org", PLACE)
    choose_town(page, "dystonia", script)
    expect(page.get_by_text("Others see you somewhere").first).to_be_visible()
    watch.assert_clean()


def test_town_nobody_knows_keeps_the_words_and_says_so(open_page: Open) -> None:
    page, watch = open_page(java_script_enabled=False)
    sign_in(page, "no-town@example.org", PLACE)
    page.get_by_label("Type a town").fill("Xqzvwkq")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_label("Type a town")).to_have_value("Xqzvwkq")
    expect(page.get_by_role("main")).to_contain_text(re.compile("not know a town", re.I))
    watch.assert_clean()


def test_without_scripts_by_town(open_page: Open, visitor: Visitor) -> None:
    before = visitor.total("dystonia")
    page, watch = open_page(java_script_enabled=False)
    sign_in(page, "plain-town@example.org", PLACE)
    place_in_town(page, "dystonia", "Leeds")
    expect(page.get_by_text("You are counted here")).to_be_visible()
    assert visitor.total("dystonia") == before + 1
    watch.assert_clean()


def test_without_scripts_from_the_list(open_page: Open, visitor: Visitor) -> None:
    page, watch = open_page(java_script_enabled=False)
    sign_in(page, "plain-list@example.org", PLACE)
    page.get_by_text("Or choose from a list").click()
    page.get_by_label("Country").select_option(label="New Zealand")
    click_through(page.get_by_role("button", name="Show its regions"))
    regions = page.get_by_label("Region")
    regions.select_option(index=1)
    show = re.compile("Show its (areas|zones|places)|Use this")
    click_through(page.get_by_role("button", name=show).first)
    zones = page.get_by_label(re.compile("Area|Zone|Town"))
    if picked := page.locator("select[name=area]"):
        zones = picked.last
    zones.select_option(index=1)
    click_through(page.get_by_role("button", name=re.compile("^Use|^Take|^Choose|^Show")).last)
    put_on_map(page)
    expect(page.get_by_text("You are counted here")).to_be_visible()
    mine = visitor.sign_in("plain-list@example.org").ask(PLACE).text
    found = re.search(r'name="area_id"[^>]*value="(\d+)"', mine)
    assert found
    assert country_of(visitor, int(found[1])) == "NZ"
    watch.assert_clean()


def test_a_precision_picked_early_stays(open_page: Open) -> None:
    """The script fetches what it shows; a choice made before that arrives must stay."""
    page, watch = open_page()
    sign_in(page, "early-choice@example.org", PLACE)
    held: list[Route] = []
    page.route("**/preview?*", lambda route: held.append(route))
    choose_town(page, "dystonia", "Christchurch")
    page.locator("#place-map.leaflet-container").wait_for()
    expect(page.get_by_role("group", name="How precisely are you shown?")).to_be_visible()
    page.get_by_role("radio").nth(2).check()
    while not held:
        page.wait_for_timeout(20)
    held.pop().continue_()
    expect(page.locator("#preview")).to_contain_text("New Zealand")
    assert page.locator("input[name=precision]:checked").input_value() == "country"
    watch.assert_clean()


@pytest.mark.parametrize("precision", ["region", "country"])
def test_coarser_than_a_zone(open_page: Open, visitor: Visitor, precision: str) -> None:
    """A member shown in a region is counted there and above, and in none of its zones."""
    zones = visitor.counts("dystonia", "zone")
    regions = visitor.counts("dystonia", "region")
    page, watch = open_page()
    sign_in(page, f"coarse-{precision}@example.org", PLACE)
    choose_town(page, "dystonia", "Christchurch")
    choices = page.get_by_role("group", name="How precisely are you shown?").get_by_role("radio")
    choices.nth({"region": 1, "country": 2}[precision]).check()
    expect(page.locator("#preview")).to_contain_text(f"Others see only your {precision}, ")
    assert "Christchurch" not in preview(page)
    put_on_map(page)
    expect(page.get_by_text("You are counted here")).to_be_visible()
    assert visitor.counts("dystonia", "zone") == zones
    changed = sum(visitor.counts("dystonia", "region").values()) - sum(regions.values())
    assert changed == (1 if precision == "region" else 0)
    watch.assert_clean()


@pytest.mark.parametrize(
    ("zone", "language", "name"),
    [
        ("Europe/Berlin", "de-DE", "Germany"),
        ("Asia/Tokyo", "ja", "Japan"),
        ("Asia/Tokyo", "de", ""),
    ],
)
def test_the_map_starts_where_the_reader_probably_is(
    open_page: Open, zone: str, language: str, name: str
) -> None:
    """The browser finds it by its clock and its languages; nothing is sent."""
    page, watch = open_page(width=360, height=740, timezone_id=zone, locale=language)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/conditions/dystonia/join")
    labels = page.locator("#place-map .map-label")
    labels.first.wait_for(state="attached")
    settle(page)
    names = " ".join(labels.all_inner_texts())
    towns = {"Germany": "Brandenburg|Bavaria|Hannover", "Japan": "Tokyo|Osaka|Japan|Sapporo"}
    assert re.search(towns.get(name, "Australia|China|Japan|Indonesia"), names), names
    assert not re.search("Canada|Brazil", names)
    assert not [url for url in asked if re.search("Tokyo|Berlin|[?&]l(ng|at)", url)]
    watch.assert_clean()


def test_cities_that_are_regions_are_named_beside_towns(open_page: Open) -> None:
    page, watch = open_page(width=1280, height=900, timezone_id="Europe/Berlin", locale="de-DE")
    page.goto("/conditions/dystonia/join")
    labels = page.locator("#place-map .map-label")
    labels.first.wait_for(state="attached")
    settle(page)
    assert {"Hamburg", "Berlin"} <= set(labels.all_inner_texts()), labels.all_inner_texts()
    watch.assert_clean()
