"""Shaded maps that the server draws: each area once, and what lies near is inside the drawing."""

import re

import numpy as np
import pytest

from mapapp.domain.areas.area_tree import WORLD, Areas, load_areas
from mapapp.domain.areas.shapes import shapes_version
from mapapp.domain.published.counts import Totals, roll_up
from mapapp.maps.choropleth import choropleth, region_outlines
from mapapp.maps.shading import BY_NUMBER, BY_RATE

PEOPLE = {"DE-BE": 40, "DE-BY": 9, "DE-HH": 2}


@pytest.fixture(scope="module")
def areas() -> Areas:
    """The area tree."""
    return load_areas()


def _totals(areas: Areas, people: dict[str, int]) -> Totals:
    ids = [areas.by_code(code).id for code in people]
    return roll_up(areas, np.array(ids), np.array(list(people.values())))


def _id(areas: Areas, code: str) -> int:
    return areas.by_code(code).id


def _points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"M(-?[\d.]+) (-?[\d.]+)", path)]


def test_each_area_with_people_is_drawn_once_and_all_others_as_one(areas: Areas) -> None:
    drawn = choropleth(areas, _totals(areas, PEOPLE), _id(areas, "DE"), BY_NUMBER, shapes_version())
    assert drawn is not None
    nobody, *there = drawn.shapes
    assert (nobody.area, nobody.shade) == (None, 0)
    assert {shape.area for shape in there} == {_id(areas, code) for code in PEOPLE}
    by_code = {areas.code[shape.area or 0]: shape.shade for shape in there}
    assert by_code["DE-BE"] > by_code["DE-BY"] > by_code["DE-HH"] > 0
    assert drawn.has_rates
    assert not drawn.has_few


def test_of_too_few_people_there_is_no_rate(areas: Areas) -> None:
    drawn = choropleth(areas, _totals(areas, PEOPLE), _id(areas, "DE"), BY_RATE, shapes_version())
    assert drawn is not None
    few = [shape.area for shape in drawn.shapes if shape.area and not shape.shade]
    assert few == [_id(areas, "DE-HH")]
    assert drawn.has_few


def test_the_world_is_drawn_by_country(areas: Areas) -> None:
    drawn = choropleth(areas, _totals(areas, PEOPLE), WORLD, BY_NUMBER, shapes_version())
    assert drawn is not None
    assert [shape.area for shape in drawn.shapes] == [None, _id(areas, "DE")]


@pytest.mark.parametrize("code", ["US", "RU", "NZ", "FJ", "CL", "GB", "MV"])
def test_a_country_fills_its_drawing_wherever_it_lies(areas: Areas, code: str) -> None:
    """Neither the 180th meridian nor islands far off leave it a speck at the edge."""
    country = areas.by_code(code)
    drawn = region_outlines(country.id, country.lng, shapes_version())
    assert set(drawn.paths) == set(areas.children(country.id).tolist())
    most = [max(map(len, part)) for part in (drawn.paths.values(),)]
    assert most[0] > 0
    inside = [
        any(0 <= x <= drawn.width and 0 <= y <= drawn.height for x, y in _points(path))
        for path in drawn.paths.values()
    ]
    assert all(inside)
    starts = np.array([_points(path)[0] for path in drawn.paths.values()])
    spread = np.ptp(starts, axis=0) / (drawn.width, drawn.height)
    assert len(starts) < 4 or spread.max() > 0.4


def test_without_regions_there_is_no_map(areas: Areas) -> None:
    alone = next(c for c in areas.children(WORLD).tolist() if len(areas.children(c)) == 1)
    people = _totals(areas, PEOPLE)
    assert choropleth(areas, people, alone, BY_NUMBER, shapes_version()) is None
