"""The map's own scripts, one by one: where a point lies, which badges show, and what names say."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mapapp.domain.areas.area_facts import told_residents
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.gazetteer import load_towns
from mapapp.domain.areas.locate import latlngs_to_zones
from mapapp.domain.published.rates import RATE_FROM, rates_of
from mapapp.maps.badges import Sizes, badges_at
from mapapp.web.atlas.map_words import map_words
from mapapp.web.published.presenters import rate_words

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
MAP = "/conditions/dystonia/map"


@pytest.fixture
def scripts(open_page: Open) -> Callable[[str, Any], Any]:
    """Run a function on our modules: ``scripts("cut", "(m, given) => …", given)``."""
    page, _watch = open_page()
    page.goto(MAP)
    bundled = page.locator('script[src$="/bundles/map.js"]').get_attribute("src")
    base = bundled.replace("bundles/map.js", "js/")

    def _run(module: str, function: str, given: Any = None) -> Any:
        source = f"async ([at, given]) => ({function})(await import(at), given)"
        return page.evaluate(source, [f"{base}{module}.js", given])

    return _run


FIND = """
async (locate, points) => {
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


def test_names_of_areas_have_their_words_in_the_language_of_the_page(scripts: Any) -> None:
    names = [
        *("Leeds", "near Leeds", "near Leeds (south-west) 2", "Leeds (north)", "Frankfurt (Oder)"),
        *("Bar and neighbours", "Brighton and Hove", "Micronesian islands"),
    ]
    words = {
        "near": "bei {place}",
        "neighbours": "{place} und Nachbarn",
        "sides": {"south-west": "{place} (Südwest)", "north": "{place} (Nord)"},
        "groups": {"Micronesian islands": "Mikronesische Inseln"},
    }
    run = """
    (m, [words, names]) => {
      m.setWords(words, "de");
      return [...names.map((name) => m.placeName(name)), m.placeName("Germany", "DE")];
    }
    """
    assert scripts("words", run, [words, names]) == [
        *("Leeds", "bei Leeds", "bei Leeds (Südwest) 2", "Leeds (Nord)", "Frankfurt (Oder)"),
        *("Bar und Nachbarn", "Brighton and Hove", "Mikronesische Inseln", "Deutschland"),
    ]


SAME_BADGES = """
(cut, given) => given.map(({ spots, most, width, apart }) => {
  const areas = spots.map(([id, x, y, people]) => ({ id, x, y, people }));
  const badges = cut.merge(areas, ({ x, y }) => ({ x, y }), cut.radiusFor(most, width), apart);
  return badges.map(({ x, y, r, people, members }) => [x, y, r, people, members.map((n) => n.id)]);
})
"""


def test_browser_and_server_put_the_same_badges_together(scripts: Any) -> None:
    dice = np.random.default_rng(22)
    given = []
    for _ in range(20):
        n = int(dice.integers(1, 90))
        places = np.round(dice.uniform(0, (400, 200), (n, 2)), 2).tolist()
        people = dice.integers(1, 5_000, n).tolist()
        spots = [[at, *places[at], people[at]] for at in range(n)]
        given.append({"spots": spots, "most": max(people), "width": 400, "apart": 32})
    for one, found in zip(given, scripts("cut", SAME_BADGES, given), strict=True):
        sizes = Sizes(one["most"], one["width"], one["apart"])
        made = badges_at([tuple(spot) for spot in one["spots"]], sizes)
        assert [[b.people, list(b.areas)] for b in made] == [badge[3:] for badge in found]
        places = [[b.x, b.y, b.r] for b in made]
        assert np.allclose(places, [badge[:3] for badge in found])


RATES = """
(words, { said, rates }) => {
  words.setWords(said, "en");
  return rates.map((rate) => words.perMillion(rate));
}
"""


def test_browser_and_server_say_rates_alike(scripts: Any) -> None:
    dice = np.random.default_rng(24)
    people = dice.zipf(1.4, 400).clip(RATE_FROM, 900_000)
    residents = dice.choice(told_residents(load_areas()), 400)
    drawn = rates_of(people, residents)
    rates = [0.094, 0.1, 0.9949, 0.995, 0.9999, 1.0, 1.25, 1.35, 1.449, 12.5, 99.6, 1e-3, *drawn]
    words = map_words()
    said = scripts("words", RATES, {"said": words, "rates": [float(rate) for rate in rates]})
    assert said[0] == "about 1 in 11 million residents"
    assert said[6] == "about 1.3 per million residents"
    for rate, sentence in zip(rates, said, strict=True):
        told = rate_words(float(rate))
        after = "residents" if told.startswith("1 in ") else "per million residents"
        assert sentence == f"about {told} {after}"
