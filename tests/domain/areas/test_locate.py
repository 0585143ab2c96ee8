"""The door in: points become zones, and nothing repeats a point."""

import time

import numpy as np
import pytest

from mapapp.domain.areas.area_tree import COUNTRY, ZONE, load_areas
from mapapp.domain.areas.locate import latlng_to_zone, latlngs_to_zones, read_cells
from mapapp.errors import BadInputError, DataError, OutOfReachError
from mapapp.paths import DATA

PLACES = [
    # on both sides of 180 degrees
    ("Suva, Fiji", -18.14, 178.44, "FJ"),
    ("Taveuni west of 180", -16.86, 179.98, "FJ"),
    ("Taveuni east of 180", -16.86, -179.97, "FJ"),
    ("Anadyr, Chukotka", 64.73, 177.51, "RU"),
    ("Uelen, Chukotka", 66.16, -169.81, "RU"),
    ("Chatham Islands", -43.95, -176.56, "NZ"),
    # islands
    ("Honolulu", 21.31, -157.86, "US"),
    ("Santa Cruz de Tenerife", 28.47, -16.25, "ES"),
    ("Hanga Roa, Easter Island", -27.15, -109.43, "CL"),
    ("Galápagos", -0.74, -90.31, "EC"),
    ("Azores", 37.74, -25.67, "PT"),
    ("Malé", 4.175, 73.509, "MV"),
    # states in groups
    ("Monaco", 43.7384, 7.4246, "QM"),
    ("Vatican: its cell is Rome's", 41.9022, 12.4533, "IT"),
    ("San Marino", 43.936, 12.447, "QM"),
    ("Longyearbyen", 78.22, 15.65, "QO"),
    ("Nuuk", 64.18, -51.72, "QO"),
    ("McMurdo", -77.85, 166.67, "QQ"),
    ("South Pole", -90.0, 0.0, "QQ"),
    ("Kerguelen", -49.35, 70.22, "QT"),
    # the ISO view
    ("Simferopol", 44.95, 34.1, "UA"),
    ("Pristina", 42.66, 21.16, "XK"),
    ("Ramallah", 31.9, 35.2, "PS"),
    ("Taipei", 25.03, 121.56, "TW"),
    ("San Juan", 18.45, -66.07, "PR"),
    ("Saint-Denis, Réunion", -20.88, 55.45, "RE"),
    # at the water
    ("Lisbon quay", 38.705, -9.14, "PT"),
    ("Copenhagen harbour", 55.69, 12.61, "DK"),
    ("Malmö harbour", 55.62, 12.99, "SE"),
    ("10 km off Brighton", 50.73, -0.13, "GB"),
    ("Singapore", 1.29, 103.85, "SG"),
]


@pytest.fixture(scope="module")
def areas():
    return load_areas()


@pytest.mark.parametrize(("name", "lat", "lng", "country"), PLACES)
def test_places_lie_in_their_country(areas, name, lat, lng, country):
    zone = latlng_to_zone(lat, lng)
    assert areas.level[zone] == ZONE
    assert areas.code[areas.at_level(np.array([zone]), COUNTRY)[0]] == country, name


def test_the_same_point_always_gives_the_same_zone():
    assert latlng_to_zone(48.8566, 2.3522) == latlng_to_zone(48.8566, 2.3522)


def test_180_and_minus_180_are_the_same_line():
    assert latlng_to_zone(67.0, 180.0) == latlng_to_zone(67.0, -180.0)


@pytest.mark.parametrize(
    ("lat", "lng"), [(0.0, -150.0), (-40.0, -120.0), (90.0, 0.0), (-5.0, 85.0)]
)
def test_the_open_ocean_is_out_of_reach(lat, lng):
    with pytest.raises(OutOfReachError, match="200 km"):
        latlng_to_zone(lat, lng)


@pytest.mark.parametrize(
    ("lat", "lng"),
    [
        (float("nan"), 0.0),
        (0.0, float("nan")),
        (91.0, 0.0),
        (0.0, 181.0),
        (float("inf"), 0.0),
        (0.0, -1e9),
    ],
)
def test_what_is_no_coordinate_is_refused(lat, lng):
    with pytest.raises(BadInputError) as refusal:
        latlng_to_zone(lat, lng)
    assert not isinstance(refusal.value, OutOfReachError)


def test_no_message_repeats_the_point():
    with pytest.raises(OutOfReachError) as far:
        latlng_to_zone(-41.1234, -121.5678)
    with pytest.raises(BadInputError) as wrong:
        latlng_to_zone(95.4321, 12.3456)
    with pytest.raises(BadInputError) as text:
        latlngs_to_zones(["48.secret"], ["2.3"])
    for refusal in (far, wrong, text):
        assert not any(
            part in str(refusal.value) for part in ("1234", "5678", "4321", "3456", "secret")
        )
        assert refusal.value.__cause__ is None


def test_many_points_mix_good_far_and_wrong():
    zones = latlngs_to_zones([48.8566, 0.0, np.nan, 100.0], [2.3522, -150.0, 0.0, 0.0])
    assert zones.dtype == np.int32
    assert zones[0] == latlng_to_zone(48.8566, 2.3522)
    assert zones[1:].tolist() == [-1, -1, -1]


def test_no_points_give_no_zones():
    assert len(latlngs_to_zones([], [])) == 0


def test_lists_of_different_length_are_refused():
    with pytest.raises(BadInputError):
        latlngs_to_zones([1.0, 2.0], [1.0])


def test_a_million_points_take_a_moment():
    chance = np.random.default_rng(1)
    lats, lngs = chance.uniform(-60, 70, 1_000_000), chance.uniform(-180, 180, 1_000_000)
    latlngs_to_zones(lats[:10], lngs[:10])
    started = time.perf_counter()
    latlngs_to_zones(lats, lngs)
    # About 0.6 s here; the limit allows for a busy machine.
    assert time.perf_counter() - started < 4


def test_towns_lie_in_their_own_country(areas):
    with np.load(DATA / "towns" / "towns.npz", allow_pickle=False) as towns:
        countries = towns["countries"].astype(str)
        zones = latlngs_to_zones(towns["lats"], towns["lngs"])
    assert (zones >= 0).all()
    found = areas.at_level(zones, COUNTRY)
    home = {
        code: area
        for area in np.flatnonzero(areas.level == COUNTRY).tolist()
        for code in areas.get(area).members or (areas.code[area],)
    }
    right = np.array([home[code] for code in countries.tolist()]) == found
    assert right.mean() >= 0.995


def test_a_missing_cell_table_says_what_to_do(tmp_path):
    with pytest.raises(DataError, match="build_areas"):
        read_cells(tmp_path / "cells.npz")
