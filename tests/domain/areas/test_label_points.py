"""Label points over the whole table: each is where the people of its area are."""

import numpy as np

from mapapp.domain.areas.area_tree import AREAS_FILE, WORLD, ZONE, load_areas
from mapapp.domain.areas.label_points import has_point_astray, mended_points
from mapapp.domain.areas.sphere import km_between, unit_vectors


def test_each_label_is_near_a_zone_of_its_area() -> None:
    areas = load_areas()
    points = unit_vectors(areas.lat, areas.lng)
    wrong = []
    for area in np.flatnonzero((areas.level > WORLD) & (areas.level < ZONE)):
        ids = np.arange(area, areas.end[area])
        own = ids[areas.level[ids] == ZONE]
        away = km_between(points[own], points[area])
        if away.min() > areas.across_km[area] / 2 or (len(own) == 1 and away[0] > 0):
            wrong.append((str(areas.code[area]), round(float(away.min()))))
    assert not wrong


def test_kiribati_is_where_its_people_are() -> None:
    areas = load_areas()
    country = areas.by_code("KI")
    region, zone = country.id + 1, country.id + 2
    assert areas.level[zone] == ZONE
    assert {(float(areas.lat[i]), float(areas.lng[i])) for i in (country.id, region, zone)} == {
        (country.lat, country.lng)
    }


def test_mending_again_changes_nothing_and_zones_never_move() -> None:
    areas = load_areas()
    lat, lng = mended_points(vars(areas))
    assert (lat == areas.lat).all()
    assert (lng == areas.lng).all()
    with np.load(AREAS_FILE) as stored:
        still = areas.level == ZONE
        assert (stored["lat"][still] == areas.lat[still]).all()
        assert (
            has_point_astray(dict(stored)).sum()
            == ((stored["lat"] != areas.lat) | (stored["lng"] != areas.lng)).sum()
        )


def test_what_is_stored_with_places_stays() -> None:
    """Ids and version: a member's place would otherwise have to be chosen again."""
    areas = load_areas()
    with np.load(AREAS_FILE) as stored:
        assert str(stored["version"]) == areas.version
        assert (stored["code"] == areas.code).all()
