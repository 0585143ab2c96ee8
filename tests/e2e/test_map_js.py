"""The map's own scripts: where a point lies, which badges show, and what the browser sends."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from mapapp.domain.areas import load_areas
from mapapp.domain.locate import latlng_to_zone, latlngs_to_zones
from mapapp.domain.towns import load_towns

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
MAP = "/conditions/dystonia/map"


@pytest.fixture
def scripts(open_page: Open) -> Callable[[str, Any], Any]:
    """Run a function on our modules: ``scripts("cut", "(m, given) => …", given)``."""
    page, _watch = open_page()
    page.goto(MAP)
    base = page.locator('script[src$="/js/map.js"]').get_attribute("src").removesuffix("map.js")

    def _run(module: str, function: str, given: Any = None) -> Any:
        source = f"async ([at, given]) => ({function})(await import(at), given)"
        return page.evaluate(source, [f"{base}{module}.js", given])

    return _run


FIND = """
async (locate, points) => {
  const map = await import(document.querySelector('script[src$="/js/map.js"]').src);
  const version = performance.getEntriesByType("resource")
    .map((one) => one.name.match(/[/]geo[/](\\w+)[/]countries/)).find(Boolean)[1];
  const urls = { boxes: `/geo/${version}/boxes.json`, zones: `/geo/${version}/zones/{id}.json` };
  const found = [];
  for (const [lat, lng] of points) {
    found.push((await locate.findZone(lat, lng, urls))?.zone ?? -1);
  }
  return found;
}
"""


def find(scripts: Any, lats: np.ndarray, lngs: np.ndarray) -> np.ndarray:
    points = np.column_stack((lats, lngs)).astype(float).tolist()
    return np.array(scripts("locate", FIND, points))


def test_browser_and_server_find_the_same_zone_of_towns(scripts: Any) -> None:
    towns = load_towns()
    dice = np.random.default_rng(20)
    chosen = dice.choice(len(towns), 400, replace=False)
    lats = np.asarray(towns.lats)[chosen] + dice.normal(0, 0.01, 400)
    lngs = np.asarray(towns.lngs)[chosen] + dice.normal(0, 0.01, 400)
    same = find(scripts, lats, lngs) == latlngs_to_zones(lats, lngs)
    assert same.mean() >= 0.995


def test_browser_and_server_find_the_same_zone_anywhere(scripts: Any) -> None:
    """Uniform over the globe: deserts, ice, open sea, and the far meridian."""
    dice = np.random.default_rng(21)
    lats = np.degrees(np.arcsin(dice.uniform(-1, 1, 500)))
    lngs = dice.uniform(-180, 180, 500)
    lngs[:40] = np.where(lngs[:40] > 0, 180, -180) - lngs[:40] / 100
    same = find(scripts, lats, lngs) == latlngs_to_zones(lats, lngs)
    # At sea the nearest edge and the nearest cell may differ by a hair.
    assert same.mean() >= 0.985


def test_far_from_land_is_refused(scripts: Any) -> None:
    assert find(scripts, np.array([-47.0]), np.array([-120.0])).tolist() == [-1]


def test_rings_holes_and_both_directions_of_an_arc(scripts: Any) -> None:
    square = [[0, 0], [10, 0], [0, 10], [-10, 0], [0, -10]]
    hole = [[4, 4], [2, 0], [0, 2], [-2, 0], [0, -2]]
    topology = {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "objects": {"areas": {"geometries": [{"type": "Polygon", "id": 3, "arcs": [[0], [-2]]}]}},
        "arcs": [square, hole],
    }
    (shape,) = scripts("topojson", "(m, given) => m.decode(given)", topology)
    assert (shape["id"], shape["box"]) == (3, [0, 0, 10, 10])
    assert shape["polygons"][0][1][0] == [4, 4]
    inside = "(m, [p, points]) => points.map(([x, y]) => m.contains(p, x, y))"
    points = [[1, 1], [5, 5], [11, 5], [7, 5]]
    assert scripts("geometry", inside, [shape["polygons"], points]) == [True, False, False, True]


def test_distances_cross_the_far_meridian(scripts: Any) -> None:
    island = [[[[179.0, 0], [179.9, 0], [179.9, 1], [179.0, 1], [179.0, 0]]]]
    far = scripts("geometry", "(m, p) => m.distanceKm(p, -179.9, 0.5)", island)
    assert far == pytest.approx(0.2 * 111.2, rel=0.01)
    box = scripts("geometry", "(m, b) => m.boxDistanceKm(b, -179.9, 0.5)", [179, 0, 179.9, 1])
    assert box == pytest.approx(0.2 * 111.2, rel=0.01)
    # An edge on the other side of the globe must not be torn through the point.
    torn = [[[[178.0, 0], [179.9, 0], [179.9, 1], [178.0, 0]]]]
    assert scripts("geometry", "(m, p) => m.distanceKm(p, -1.5, 0.5)", torn) > 5000


MERGE = """
(cut, { points, least }) => {
  const radius = cut.radiusFor(Math.max(...points.map(([, , n]) => n)));
  const areas = points.map(([lng, lat, people], id) => ({ id, lng, lat, people }));
  return cut.merge(areas, ({ lng, lat }) => ({ x: lng, y: lat }), radius, least)
    .map(({ x, y, r, people, members }) => ({ x, y, r, people, ids: members.map((m) => m.id) }));
}
"""


@pytest.mark.parametrize("least", [0, 44])
def test_badges_never_overlap_and_hold_everybody(scripts: Any, least: int) -> None:
    dice = np.random.default_rng(22)
    for spread in (60, 400, 3000):
        xy = dice.uniform(0, spread, (150, 2))
        people = dice.zipf(1.6, 150).clip(1, 5000)
        points = [[float(x), float(y), int(n)] for (x, y), n in zip(xy, people, strict=True)]
        badges = scripts("cut", MERGE, {"points": points, "least": least})
        assert sum(badge["people"] for badge in badges) == people.sum()
        assert sorted(i for badge in badges for i in badge["ids"]) == list(range(150))
        assert all(badge["r"] >= 14 for badge in badges)
        for index, one in enumerate(badges):
            for other in badges[:index]:
                apart = np.hypot(one["x"] - other["x"], one["y"] - other["y"])
                assert apart >= max(one["r"] + other["r"], least)


def test_area_of_a_badge_is_its_number(scripts: Any) -> None:
    radii = scripts("cut", "(m) => [25, 100, 400].map(m.radiusFor(400))")
    assert radii[2] / radii[1] == pytest.approx(2, rel=0.1)
    assert radii[0] == 14


def test_addresses_of_views(scripts: Any) -> None:
    read = "(m, hashes) => hashes.map(m.readHash)"
    found = scripts(
        "hash", read, ["#5/51.5/-0.1", "#5/51.50/-0.10/GB-ENG", "#GB", "", "#9/99/0", "#%"]
    )
    view = {"zoom": 5, "lat": 51.5, "lng": -0.1}
    assert found == [
        {"view": view, "code": ""},
        {"view": view, "code": "GB-ENG"},
        {"view": None, "code": "GB"},
        *[{"view": None, "code": ""}] * 3,
    ]
    write = "(m) => m.writeHash({ zoom: 5.25, lat: 51.5074, lng: -0.1278 }, 'X/1')"
    assert scripts("hash", write) == "#5.25/51.51/-0.13/X%2F1"


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
    page.get_by_role("button", name="Near me").click()
    zone = latlng_to_zone(place["latitude"], place["longitude"])
    expect(page).to_have_url(re.compile(rf"/conditions/dystonia/nearby\?area={zone}$"))
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
    page.get_by_role("button", name="Open the map").tap()
    expect(stage).to_be_visible()
    assert stage.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
    page.locator(".badge").first.wait_for()
    sizes = page.locator("#map-stage button:visible").evaluate_all(
        "all => all.map((b) => Math.min(b.offsetWidth, b.offsetHeight))"
    )
    assert min(sizes) >= 44
    page.get_by_role("button", name="Close the map").tap()
    expect(stage).to_be_hidden()
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
        page.get_by_role("link", name="Keep this map as one file").click()
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
    disk.wait_for_timeout(500)
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
