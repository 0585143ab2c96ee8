"""The world that the server draws: everyone is in it once, and it says what the list says."""

import math
import random

import numpy as np
import pytest

from mapapp.domain.areas.area_tree import COUNTRY, Areas, load_areas
from mapapp.domain.areas.shapes import shapes_version
from mapapp.domain.published.counts import Totals, roll_up
from mapapp.maps.badges import LEAST_GAP, Badge, Sizes, badges_at
from mapapp.maps.drawn_world import (
    DRAWN_HEIGHT,
    DRAWN_WIDTH,
    WIDTHS,
    DrawnWorld,
    drawn_world,
)
from mapapp.maps.shading import BY_NUMBER, country_shades, scales
from mapapp.paths import STATIC


def _numbers(areas: Areas, seed: int, most: int) -> Totals:
    dice = np.random.default_rng(seed)
    countries = np.flatnonzero(np.asarray(areas.level) == COUNTRY)
    ids = np.sort(dice.choice(countries, min(len(countries), 20 * (seed + 1)), replace=False))
    return roll_up(areas, ids, dice.integers(1, most, len(ids)))


def _world(totals: Totals) -> DrawnWorld:
    areas = load_areas()
    shades = country_shades(areas, totals, BY_NUMBER, scales(areas, totals)[BY_NUMBER])
    return drawn_world(areas, totals, shapes_version(), shades)


@pytest.mark.parametrize(("seed", "most"), [(0, 3), (3, 50), (9, 2_000_000)])
def test_everyone_is_in_one_badge_of_each_width(seed: int, most: int) -> None:
    areas = load_areas()
    totals = _numbers(areas, seed, most)
    world = _world(totals)
    for width in WIDTHS:
        badges = world.badges[width]
        named = [area for badge in badges for area in badge.areas]
        assert sorted(named) == sorted(set(named))
        assert sum(badge.people for badge in badges) == totals.everywhere
        for badge in badges:
            assert badge.people == sum(int(totals.by_area[area]) for area in badge.areas)
            assert -5 < badge.x < 105  # there is room around the section
            assert -5 < badge.y < 105


@pytest.mark.parametrize("seed", range(5))
def test_no_two_badges_touch(seed: int) -> None:
    dice = random.Random(seed)
    spots = [
        (n, dice.uniform(0, 300), dice.uniform(0, 200), dice.randint(1, 99)) for n in range(60)
    ]
    sizes = Sizes(99, 300, 40)
    badges = badges_at(spots, sizes)
    assert sum(badge.people for badge in badges) == sum(n for *_, n in spots)
    for one in badges:
        for other in badges:
            if one is not other:
                apart = math.hypot(one.x - other.x, one.y - other.y)
                assert apart >= max(one.r + other.r + LEAST_GAP, 40)


def test_a_badge_is_never_too_small_to_read_and_grows_with_its_people() -> None:
    sizes = Sizes(900, 800, 32)
    radii = [sizes.radius(n) for n in (1, 9, 200, 900, 5_000)]
    assert radii == sorted(radii)
    assert radii[0] == 14
    assert radii[-1] <= 30


def test_countries_with_people_are_shapes_of_their_own() -> None:
    areas = load_areas()
    ids = np.array([areas.by_code(code).id for code in ("BR", "FR")])
    ids.sort()
    nobody, *others = _world(roll_up(areas, ids, np.array([1, 30]))).shapes
    assert (nobody.area, nobody.shade) == (None, 0)
    assert [shape.area for shape in others] == ids.tolist()
    assert {shape.shade for shape in others}.isdisjoint({0})
    assert len(nobody.path) > 10 * len(others[0].path) > 0


def test_a_map_of_nobody_is_a_world_without_badges() -> None:
    world = _world(roll_up(load_areas(), np.zeros(0, np.int64), np.zeros(0, np.int64)))
    assert len(world.shapes) == 1
    assert world.badges == {width: [] for width in WIDTHS}


def test_the_ice_of_the_south_is_not_drawn() -> None:
    """Antarctica would be larger than Africa, and nobody lives there."""
    areas = load_areas()
    (group,) = [n for n in areas.children(0) if "AQ" in areas.get(int(n)).members]
    (shape,) = _world(roll_up(areas, np.array([group]), np.array([5]))).shapes[1:]
    heights = [float(start.split(" ")[1].split("l")[0]) for start in shape.path.split("M")[1:]]
    assert heights
    assert max(heights) < 700


def test_the_style_sheet_knows_the_shape_of_the_drawing() -> None:
    sheet = (STATIC / "css" / "map-world.css").read_text(encoding="utf-8")
    assert sheet.count(f"{DRAWN_WIDTH} / {DRAWN_HEIGHT}") == 2


def test_what_stands_alone_keeps_its_place() -> None:
    """São Paulo is west of Cape Town, and Norway north of both."""
    areas = load_areas()
    ids = np.sort([areas.by_code(code).id for code in ("BR", "NO", "ZA")])
    wide: list[Badge] = _world(roll_up(areas, ids, np.ones(3, np.int64))).badges[1100]
    at = {areas.get(badge.areas[0]).code: badge for badge in wide}
    assert at["BR"].x < at["ZA"].x
    assert at["NO"].y < min(at["BR"].y, at["ZA"].y)
