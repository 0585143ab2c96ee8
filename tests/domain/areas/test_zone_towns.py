"""Which zones have the names of large towns."""

from mapapp.domain.areas.area_tree import ZONE, load_areas
from mapapp.domain.areas.locate import latlng_to_zone
from mapapp.domain.areas.zone_towns import largest_towns


def test_cities_before_suburbs() -> None:
    people = largest_towns()
    birmingham, sutton_coldfield = latlng_to_zone(52.48, -1.9), latlng_to_zone(52.57, -1.82)
    assert people[birmingham] > 1_000_000 > people[sutton_coldfield] > 0


def test_only_zones_have_a_town() -> None:
    areas, people = load_areas(), largest_towns()
    assert len(people) == len(areas)
    assert not people[areas.level != ZONE].any()
