"""The door out: numbers along the tree."""

import numpy as np
import pytest

from mapapp.domain.areas.area_tree import COUNTRY, load_areas
from mapapp.domain.published.counts import (
    Totals,
    countries_reached,
    level_counts,
    roll_up,
)
from mapapp.errors import BadInputError
from tests.places import zones_of


def summed(numbers: dict[int, int]) -> Totals:
    ids = np.array(list(numbers), dtype=np.int64)
    return roll_up(load_areas(), ids, np.array(list(numbers.values()), dtype=np.int64))


def test_a_number_counts_in_every_area_around_it_and_in_no_other() -> None:
    areas = load_areas()
    zone = zones_of("DE-BE")[0]
    found = summed({zone: 3})
    assert found.placed.sum() == found.placed[zone] == 3
    around = [0, *areas.ancestors(zone), zone]
    assert set(np.flatnonzero(found.by_area)) == set(around)
    assert {int(found.by_area[area]) for area in around} == {3}


def test_numbers_of_parts_and_of_the_whole_add_up() -> None:
    areas = load_areas()
    first, second = zones_of("DE-BY")[:2]
    region, country = areas.by_code("DE-BY").id, areas.by_code("DE").id
    found = summed({first: 1, second: 2, region: 4, country: 8, 0: 16, zones_of("FR")[0]: 32})
    assert found.by_area[[first, second, region, country, 0]].tolist() == [1, 2, 7, 15, 63]
    assert found.placed[[region, country, 0]].tolist() == [4, 8, 16]
    assert found.everywhere == 63


def test_an_area_named_twice_counts_twice() -> None:
    zone = zones_of("DE")[0]
    found = roll_up(load_areas(), np.array([zone, zone]), np.array([1, 2]))
    assert found.by_area[zone] == found.everywhere == 3


def test_nobody_is_nowhere() -> None:
    found = summed({})
    assert found.everywhere == 0
    assert len(found.by_area) == len(load_areas())
    assert not found.by_area.any()


def test_every_area_is_the_sum_of_its_parts() -> None:
    areas = load_areas()
    numbers = np.random.default_rng(7).integers(0, 5, len(areas))
    found = roll_up(areas, np.arange(len(areas)), numbers)
    parts = numbers.copy()
    np.add.at(parts, areas.parent[1:], found.by_area[1:])
    assert (found.by_area == parts).all()


def test_areas_of_a_level_with_people() -> None:
    areas = load_areas()
    first, second = zones_of("DE-BY")[:2]
    abroad = zones_of("FR")[0]
    country = areas.by_code("DE").id
    found = summed({first: 1, second: 2, country: 4, abroad: 8})
    ids, numbers = level_counts(areas, found, "country")
    assert dict(zip(ids.tolist(), numbers.tolist(), strict=True)) == {
        country: 7,
        areas.by_code("FR").id: 8,
    }
    ids, numbers = level_counts(areas, found, "zone", country)
    assert dict(zip(ids.tolist(), numbers.tolist(), strict=True)) == {first: 1, second: 2}
    assert level_counts(areas, found, "world")[1].tolist() == [15]
    assert level_counts(areas, found, "zone", zones_of("DE-BE")[0])[0].tolist() == []
    assert countries_reached(areas, found) == 2


def test_whoever_chose_no_country_reaches_none() -> None:
    areas = load_areas()
    assert countries_reached(areas, summed({0: 5})) == 0
    every = np.flatnonzero(areas.level == COUNTRY)
    assert countries_reached(areas, summed(dict.fromkeys(every.tolist(), 1))) == len(every)


@pytest.mark.parametrize("level", ["", "street", "Zone", "zones"])
def test_levels_that_do_not_exist(level: str) -> None:
    with pytest.raises(BadInputError, match="Levels: world, country, region, zone"):
        level_counts(load_areas(), summed({}), level)
