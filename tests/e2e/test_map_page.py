"""The page of a map: what it opens and sends, on a phone, without scripts, and as a file."""

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.locate import latlng_to_zone
from tests.e2e.settling import settle

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
MAP = "/conditions/dystonia/map"


def open_map(page: Page, where: str = "") -> None:
    page.goto(MAP + where)
    page.locator(".badge").first.wait_for()


def test_near_me_sends_an_area_and_nothing_finer(open_page: Open) -> None:
    place = {"latitude": 52.52437, "longitude": 13.41053}
    page, watch = open_page(geolocation=place, permissions=["geolocation"])
    open_map(page)
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_role("button", name="Near me").click()
    zone = latlng_to_zone(place["latitude"], place["longitude"])
    assert sent.value.post_data == f"area={zone}"
    expect(page).to_have_url(re.compile(r"/conditions/dystonia/nearby\?at=[\w-]+$"))
    for request in watch.requests:
        assert "52.5" not in request
        assert "13.4" not in request
    watch.assert_clean()


def test_near_me_on_the_open_sea_says_what_to_do(open_page: Open) -> None:
    place = {"latitude": -47.0, "longitude": -120.0}
    page, _watch = open_page(geolocation=place, permissions=["geolocation"])
    open_map(page)
    page.get_by_role("button", name="Near me").click()
    expect(page.locator("#map-status")).to_contain_text("Type a town instead")


def test_regions_and_zones_get_shapes(open_page: Open) -> None:
    page, watch = open_page()
    open_map(page, "#5/35/105")
    page.locator(".shape-regions").first.wait_for(state="attached")
    page.goto(MAP + "#8/31.2/121.5")
    page.locator(".shape-zones").first.wait_for(state="attached")
    watch.assert_clean()


def _phone(open_page: Open, **more: Any) -> tuple[Page, Any]:
    page, watch = open_page(width=360, height=740, has_touch=True, is_mobile=True, **more)
    return page, watch


def test_on_a_phone_the_map_is_drawn_and_opens_with_one_tap(open_page: Open) -> None:
    page, watch = _phone(open_page)
    page.goto(MAP)
    stage = page.locator("#map-stage")
    drawn = page.locator(".map-drawn")
    expect(drawn).to_be_in_viewport(ratio=1)  # before any list
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator(".map-cover").tap(position={"x": 20, "y": 20})
    expect(stage).to_have_class(re.compile("is-open"))
    assert stage.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
    page.locator(".badge").first.wait_for()
    expect(drawn).to_be_hidden()
    edges = page.locator(".badge").evaluate_all(
        "all => all.map((b) => b.getBoundingClientRect()).flatMap((r) => [r.left, r.right])"
    )
    assert 0 <= min(edges) <= max(edges) <= 360
    sizes = page.locator("#map-stage :is(button, .map-shut):visible").evaluate_all(
        "all => all.map((b) => Math.min(b.offsetWidth, b.offsetHeight))"
    )
    assert min(sizes) >= 44
    page.get_by_role("link", name="Close the map").tap()
    expect(stage).not_to_have_class(re.compile("is-open"))
    expect(drawn).to_be_visible()
    watch.assert_clean()


def test_on_a_phone_back_closes_the_map(open_page: Open) -> None:
    page, watch = _phone(open_page)
    page.goto("/conditions/dystonia")
    page.goto(MAP)
    stage = page.locator("#map-stage")
    way = page.get_by_role("link", name="Open the map").last
    way.tap()
    expect(stage).to_have_class(re.compile("is-open"))
    page.locator(".badge").first.click()
    page.go_back()
    expect(stage).not_to_have_class(re.compile("is-open"))
    expect(way).to_be_focused()
    expect(page).to_have_url(re.compile(f"{MAP}$"))
    page.go_forward()
    expect(stage).to_have_class(re.compile("is-open"))
    page.go_back()
    page.go_back()
    expect(page).to_have_url(re.compile("/conditions/dystonia$"))
    watch.assert_clean()


@pytest.mark.parametrize("part", ["#countries", "#main"])
def test_on_a_phone_a_part_of_the_page_is_not_the_map(open_page: Open, part: str) -> None:
    """A number of several countries leads to the list, and the skip link to the page."""
    page, watch = _phone(open_page)
    page.goto(MAP)
    page.locator("#map-stage.is-live").wait_for()
    page.locator(f'a[href="{part}"], .skip[href="{part}"]').first.evaluate(
        "(link) => link.dispatchEvent(new MouseEvent('click', { bubbles: true }))"
    )
    expect(page).to_have_url(re.compile(f"{part}$"))
    settle(page)
    expect(page.locator("#map-stage")).not_to_have_class(re.compile("is-open"))
    page.reload()
    page.locator("#map-stage.is-live").wait_for()
    expect(page.locator("#map-stage")).not_to_have_class(re.compile("is-open"))
    watch.assert_clean()


def test_a_tap_before_the_scripts_are_there_is_not_lost(open_page: Open) -> None:
    page, _watch = _phone(open_page)
    held: list[Any] = []
    page.route("**/bundles/map.js", lambda route: held.append(route))
    page.goto(MAP, wait_until="commit")
    page.get_by_role("link", name="Open the map").last.tap()
    stage = page.locator("#map-stage")
    assert stage.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
    expect(page.locator(".map-drawn")).to_be_visible()
    for route in held:
        route.continue_()
    expect(stage).to_have_class(re.compile("is-open"))
    page.locator(".badge").first.wait_for()
    page.go_back()
    expect(stage).not_to_have_class(re.compile("is-open"))


@pytest.mark.parametrize("width", [360, 1280])
def test_without_scripts_the_map_is_drawn_with_links(open_page: Open, width: int) -> None:
    page, _watch = open_page(width=width, java_script_enabled=False)
    page.goto(MAP)
    expect(page.get_by_role("row")).not_to_have_count(1)
    shown = page.locator(".map-numbers:visible a")
    numbers = [int(words) for words in shown.locator("text").all_text_contents()]
    assert f"{sum(numbers)} people" == page.locator(".people-number").inner_text()
    assert len(numbers) > (4 if width == 360 else 20)
    australia = page.locator(".map-numbers:visible").get_by_role("link", name="Australia: ")
    if width == 1280:
        australia.click()
        expect(page).to_have_url(re.compile("/areas/AU$"))
        page.go_back()
    page.get_by_role("link", name="China", exact=True).click()
    expect(page).to_have_url(re.compile("/areas/CN$"))


NUMBERS = """(all) => all.map((one) => {
  const { x, y, width, height } = one.getBoundingClientRect();
  return [one.textContent, x + width / 2, y + height / 2];
}).sort()"""
DRAWN = """[...document.querySelectorAll(".map-numbers")]
  .filter((one) => getComputedStyle(one).display !== "none")
  .flatMap((one) => [...one.querySelectorAll("text")])"""


@pytest.mark.parametrize("width", [640, 768, 960, 1024, 1280, 1800])
def test_the_map_takes_the_place_of_the_drawing_without_a_jump(open_page: Open, width: int) -> None:
    """The same numbers stand in the same places, and so does the land under them."""
    page, _watch = open_page(width=width, height=800)
    page.goto(MAP)
    drawn = page.evaluate(f"({NUMBERS})({DRAWN})")
    if width < 960:
        page.locator("#map-opener").click()
    page.locator(".folium-map.is-drawn").wait_for()
    live = page.locator(".badge").evaluate_all(NUMBERS)
    assert [number for number, *_at in drawn] == [number for number, *_at in live]
    assert len(drawn) > 8
    for (_number, *one), (_same, *other) in zip(drawn, live, strict=True):
        assert width < 960 or math.dist(one, other) < 3


def test_the_map_comes_early_by_keyboard(open_page: Open) -> None:
    page, _watch = open_page()
    open_map(page)
    for _ in range(15):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.badge')"):
            return
    raise AssertionError("No badge after 15 steps.")


def test_kept_map_opens_from_disk_and_asks_nobody(
    open_page: Open, live: Any, tmp_path: Path
) -> None:
    page, _watch = open_page()
    page.goto(MAP)
    with page.expect_download() as download:
        page.get_by_role("link", name="Save this map as one file").click()
    assert download.value.suggested_filename == "dystonia-map.html"
    kept = tmp_path / "kept.html"
    download.value.save_as(kept)
    assert kept.stat().st_size < 2_000_000
    asked: list[str] = []
    complaints: list[str] = []
    disk = page.context.new_page()
    disk.on("request", lambda request: asked.append(request.url))
    disk.on("pageerror", lambda error: complaints.append(str(error)))
    disk.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    disk.goto(kept.as_uri() + "#5/35/105")
    disk.locator(".badge").first.wait_for()
    disk.locator(".shape-regions").first.wait_for(state="attached")
    disk.locator('.badge[tabindex="0"]').first.click()
    settle(disk, calm=0.3)
    assert complaints == []
    assert [url for url in asked if not url.startswith(kept.as_uri())] == []


def test_names_of_areas_are_on_the_map(open_page: Open) -> None:
    areas = load_areas()
    page, _watch = open_page()
    open_map(page, "#6/47/2.5")
    expect(page.locator(".map-label-region span").first).to_be_visible()
    shown = page.locator(".map-label-region span").all_inner_texts()
    assert set(shown) <= {str(name) for name in areas.name}
    assert len(shown) >= 4


def test_no_name_is_cut_off_or_half_covered(open_page: Open) -> None:
    page, _watch = open_page()
    open_map(page, "#7/52.8/-1.5")
    expect(page.locator(".map-label-zone span").first).to_be_visible()
    crossing = page.evaluate(
        """() => {
          const box = (element) => element.getBoundingClientRect();
          const stage = box(document.querySelector(".folium-map"));
          const over = [...document.querySelectorAll(".map-tools, .map-legend, .leave a")].map(box);
          const touch = (a, b) =>
            a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
          const isIn = (a, b) =>
            a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom;
          return [...document.querySelectorAll(".map-label span")]
            .filter((label) => !isIn(box(label), stage) || over.some((it) => touch(box(label), it)))
            .map((label) => label.textContent);
        }"""
    )
    assert crossing == []


def test_a_first_view_on_a_phone_is_small(open_page: Open) -> None:
    """An old phone on a slow line: scripts/measure-first-view has the seconds."""
    page, watch = _phone(open_page)
    answers: list[Any] = []
    page.on("requestfinished", lambda one: answers.append(one))
    page.goto(MAP)
    page.locator("#map-stage.is-live").wait_for()
    page.wait_for_load_state("networkidle")
    loaded = {one.url: sum(_bytes(one)) for one in answers}
    icons = sum(size for url, size in loaded.items() if "/icons/" in url)
    assert len(loaded) <= 14
    assert next(iter(loaded.values())) <= 45_000
    assert sum(loaded.values()) - icons <= 100_000  # until it answers
    assert sum(loaded.values()) <= 150_000
    watch.assert_clean()


def _bytes(request: Any) -> tuple[int, int]:
    sizes = request.sizes()
    return sizes["responseHeadersSize"], sizes["responseBodySize"]
