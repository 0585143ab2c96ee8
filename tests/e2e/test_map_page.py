"""The page of a map: what it opens and sends, on a phone, without scripts, and as a file."""

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


def test_an_area_in_the_address_opens_its_panel(open_page: Open) -> None:
    page, watch = open_page()
    open_map(page, "#CN")
    expect(page.get_by_role("dialog", name="China")).to_be_visible()
    expect(page).to_have_url(re.compile(r"#[\d.]+/[\d.-]+/[\d.-]+/CN$"))
    watch.assert_clean()


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


def test_the_switch_changes_shades_and_legend(open_page: Open) -> None:
    page, watch = open_page()
    open_map(page)
    page.locator(".shape-countries[data-shade='6']").first.wait_for(state="attached")
    shades = (
        "[...document.querySelectorAll('.shape-countries')].map((s) => s.dataset.shade).join('')"
    )
    before = page.evaluate(shades)
    expect(page.get_by_text("People on this map", exact=True)).to_be_visible()
    page.get_by_label("Per million").check()
    expect(page.get_by_text("People per million residents, approximate")).to_be_visible()
    expect(page.get_by_text("People on this map", exact=True)).to_be_hidden()
    assert page.evaluate(shades) != before
    watch.assert_clean()


def test_regions_and_zones_get_shapes(open_page: Open) -> None:
    page, watch = open_page()
    open_map(page, "#5/35/105")
    page.locator(".shape-regions").first.wait_for(state="attached")
    page.goto(MAP + "#8/31.2/121.5")
    page.locator(".shape-zones").first.wait_for(state="attached")
    watch.assert_clean()


def test_on_a_phone_the_map_is_behind_one_tap(open_page: Open) -> None:
    page, watch = open_page(width=360, height=740, has_touch=True, is_mobile=True)
    page.goto(MAP)
    stage = page.locator("#map-stage")
    expect(stage).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    picture = page.get_by_role("link", name="World map")
    expect(picture).to_be_in_viewport(ratio=1)  # drawn by the server, before any list
    picture.tap()
    expect(stage).to_be_visible()
    assert stage.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
    page.locator(".badge").first.wait_for()
    edges = page.locator(".badge").evaluate_all(
        "all => all.map((b) => b.getBoundingClientRect()).flatMap((r) => [r.left, r.right])"
    )
    assert 0 <= min(edges) <= max(edges) <= 360
    sizes = page.locator("#map-stage button:visible").evaluate_all(
        "all => all.map((b) => Math.min(b.offsetWidth, b.offsetHeight))"
    )
    assert min(sizes) >= 44
    page.get_by_role("button", name="Close the map").tap()
    expect(stage).to_be_hidden()
    expect(picture).to_be_focused()
    page.get_by_role("button", name="Open the map").tap()
    expect(stage).to_be_visible()
    watch.assert_clean()


def test_without_scripts_the_list_is_the_page(open_page: Open) -> None:
    page, _watch = open_page(java_script_enabled=False)
    page.goto(MAP)
    expect(page.get_by_role("row")).not_to_have_count(1)
    expect(page.get_by_role("img", name="World map")).to_be_visible()
    expect(page.get_by_role("button", name="Open the map")).to_be_hidden()
    page.get_by_role("link", name="China", exact=True).click()
    expect(page).to_have_url(re.compile("/areas/CN$"))


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
