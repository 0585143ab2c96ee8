"""Distance bands between areas."""

import numpy as np
import pytest

from mapapp.domain.areas.area_tree import ZONE, load_areas
from mapapp.domain.areas.distance import SAME_AREA, bands_from
from mapapp.domain.areas.locate import latlng_to_zone
from mapapp.errors import NotFoundError

PARIS, LYON, BRUSSELS, SYDNEY = (48.8566, 2.3522), (45.76, 4.84), (50.85, 4.35), (-33.87, 151.2)
ATHENS, TEHRAN = (37.98, 23.73), (35.7, 51.4)


@pytest.fixture(scope="module")
def areas():
    return load_areas()


@pytest.mark.parametrize(
    ("one", "other", "band"),
    [
        (PARIS, PARIS, SAME_AREA),
        (PARIS, BRUSSELS, 4),
        (PARIS, LYON, 4),
        (PARIS, ATHENS, 6),
        (PARIS, TEHRAN, 7),
        (PARIS, SYDNEY, 8),
    ],
)
def test_known_distances(areas, one, other, band):
    assert bands_from(areas, latlng_to_zone(*one))[latlng_to_zone(*other)] == band


def test_bands_are_the_same_from_both_ends(areas):
    chance = np.random.default_rng(2)
    zones = chance.choice(np.flatnonzero(areas.level == ZONE), 60, replace=False)
    for a in zones[:30].tolist():
        for b in zones[30:].tolist():
            assert bands_from(areas, a)[b] == bands_from(areas, b)[a]


def test_bands_agree_with_the_haversine_formula(areas):
    here = areas.by_code("DE-BE").id
    lat, lng = np.radians(areas.lat.astype(float)), np.radians(areas.lng.astype(float))
    step = (
        np.sin((lat - lat[here]) / 2) ** 2
        + np.cos(lat) * np.cos(lat[here]) * np.sin((lng - lng[here]) / 2) ** 2
    )
    km = 2 * 6371.0088 * np.arcsin(np.sqrt(step))
    expected = np.digitize(km, [50, 100, 250, 500, 1000, 2500, 5000]) + 1
    expected[here] = SAME_AREA
    assert (bands_from(areas, here) == expected).all()


def test_only_the_area_itself_is_the_same_area(areas):
    bands = bands_from(areas, areas.by_code("FR").id)
    assert np.flatnonzero(bands == SAME_AREA).tolist() == [areas.by_code("FR").id]


def test_bands_cross_180_degrees(areas):
    fiji = areas.by_code("FJ").id
    samoa = areas.by_code("WS").id
    assert bands_from(areas, fiji)[samoa] >= 5
    west, east = latlng_to_zone(-16.86, 179.98), latlng_to_zone(-16.86, -179.97)
    assert bands_from(areas, west)[east] <= 3


def test_bands_are_small_and_cannot_be_changed(areas):
    bands = bands_from(areas, 1)
    assert bands.dtype == np.uint8
    assert bands.shape == (len(areas),)
    with pytest.raises(ValueError, match="read-only"):
        bands[0] = 0


def test_areas_that_do_not_exist_are_refused(areas):
    with pytest.raises(NotFoundError):
        bands_from(areas, len(areas))
    with pytest.raises(NotFoundError):
        bands_from(areas, -1)
