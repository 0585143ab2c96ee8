import numpy as np
import pytest

from mapapp.domain.areas.area_facts import (
    at_precision,
    is_coarser,
    offered_precision,
    seen_at,
    whole_two_digits,
)
from mapapp.domain.areas.area_tree import COUNTRY, REGION, WORLD, ZONE, load_areas
from mapapp.errors import BadInputError, NotFoundError

AREAS = load_areas()
LINE = AREAS.ancestors(next(i for i in range(len(AREAS)) if AREAS.level[i] == ZONE))


def test_precision_gives_the_area_that_is_coarse_enough() -> None:
    country, region, zone = LINE
    assert [at_precision(AREAS, zone, p) for p in ("zone", "region", "country")] == [
        zone,
        region,
        country,
    ]
    assert at_precision(AREAS, region, "zone") == region
    assert at_precision(AREAS, country, "region") == country


def test_the_world_is_no_place_and_unknown_things_are_refused() -> None:
    with pytest.raises(BadInputError):
        at_precision(AREAS, WORLD, "zone")
    with pytest.raises(BadInputError):
        seen_at(AREAS, WORLD)
    with pytest.raises(BadInputError):
        at_precision(AREAS, LINE[0], "street")
    for area_id in (len(AREAS), -1):
        with pytest.raises(NotFoundError):
            seen_at(AREAS, area_id)


def test_what_is_seen_is_rounded_and_of_the_level() -> None:
    assert [seen_at(AREAS, i).level for i in LINE] == ["country", "region", "zone"]
    assert [int(AREAS.level[i]) for i in LINE] == [COUNTRY, REGION, ZONE]
    for area_id in LINE:
        seen = seen_at(AREAS, area_id)
        assert str(seen.across_km).rstrip("0").__len__() <= 2
        assert str(seen.population).rstrip("0").__len__() <= 2


def test_coarser_means_around_it_and_not_itself() -> None:
    country, region, zone = LINE
    assert is_coarser(AREAS, region, than=zone)
    assert is_coarser(AREAS, country, than=zone)
    assert not is_coarser(AREAS, zone, than=zone)
    assert not is_coarser(AREAS, zone, than=region)
    assert not is_coarser(AREAS, int(AREAS.end[country]), than=zone)


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        *((0.4, 1), (6.8, 7), (12.5, 13), (99.4, 99), (99.6, 100), (155, 160), (1000, 1000)),
        *((1449, 1400), (100_002, 100_000), (164_999, 160_000), (66_971_000, 67_000_000)),
    ],
)
def test_figures_have_two_digits(figure: float, said: int) -> None:
    assert whole_two_digits(np.array([figure])).tolist() == [said]


def test_a_region_is_offered_first_where_few_are_listed() -> None:
    assert [offered_precision(n) for n in (0, 49, 50, 10_000_000)] == [
        "region",
        "region",
        "zone",
        "zone",
    ]
