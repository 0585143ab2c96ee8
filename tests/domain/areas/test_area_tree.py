"""The area tree: reading it and walking through it."""

import subprocess
import sys

import numpy as np
import pytest

from mapapp.domain.areas.area_tree import COUNTRY, REGION, WORLD, ZONE, load_areas, read_areas
from mapapp.errors import DataError, NotFoundError


@pytest.fixture(scope="module")
def areas():
    return load_areas()


def test_the_world_comes_first(areas):
    world = areas.get(0)
    assert (world.code, world.level, world.parent) == ("world", WORLD, -1)
    assert world.population > 8_000_000_000


def test_known_areas_are_found_by_code(areas):
    scotland = areas.by_code("GB-SCT")
    assert (scotland.name, scotland.level) == ("Scotland", REGION)
    assert areas.get(scotland.parent).code == "GB"


def test_countries_have_plain_english_names(areas):
    names = {code: areas.by_code(code).name for code in ("CI", "CZ", "TR", "CD", "HK")}
    assert names["CZ"] == "Czechia"
    assert names["CD"] == "DR Congo"
    assert names["HK"] == "Hong Kong"


@pytest.mark.parametrize("area", [-1, 10**6])
def test_an_id_that_does_not_exist_is_refused(areas, area):
    with pytest.raises(NotFoundError):
        areas.get(area)


def test_a_code_that_does_not_exist_is_refused(areas):
    with pytest.raises(NotFoundError):
        areas.by_code("XX-1")


def test_children_are_the_level_below(areas):
    nations = areas.children(areas.by_code("GB").id)
    assert sorted(areas.code[nations].tolist()) == ["GB-ENG", "GB-NIR", "GB-SCT", "GB-WLS"]


def test_ancestors_lead_from_the_country_to_the_area(areas):
    zone = areas.by_code("GB-SCT-2").id
    assert areas.code[areas.ancestors(zone)].tolist() == ["GB", "GB-SCT", "GB-SCT-2"]
    assert areas.ancestors(0) == [0]


def test_at_level_climbs_and_never_descends(areas):
    ids = np.array(
        [0, areas.by_code("GB").id, areas.by_code("GB-SCT").id, areas.by_code("GB-SCT-2").id]
    )
    found = areas.at_level(ids, REGION)
    assert found.tolist() == [-1, -1, ids[2], ids[2]]
    assert areas.at_level(ids, ZONE).tolist() == [-1, -1, -1, ids[3]]
    assert areas.at_level(ids, WORLD).tolist() == [0, 0, 0, 0]
    assert areas.at_level(ids[:0], COUNTRY).tolist() == []


def test_a_subtree_is_one_slice(areas):
    france = areas.by_code("FR")
    inside = areas.subtree(france.id)
    assert set(areas.at_level(np.arange(inside.start, inside.stop), COUNTRY)) == {france.id}
    assert areas.at_level(np.array([inside.stop]), COUNTRY)[0] != france.id


def test_overseas_regions_are_countries_of_their_own(areas):
    for code in ("GF", "GP", "MQ", "RE", "YT", "PR"):
        assert areas.by_code(code).level == COUNTRY


@pytest.mark.parametrize(
    ("code", "member"), [("QM", "VA"), ("QQ", "AQ"), ("QT", "TF"), ("QO", "GL")]
)
def test_small_states_stand_in_groups(areas, code, member):
    group = areas.by_code(code)
    assert member in group.members
    assert group.population >= areas.residents
    with pytest.raises(NotFoundError):
        areas.by_code(member)


def test_zone_names_are_unique_within_a_region(areas):
    zones = np.flatnonzero(areas.level == ZONE)
    pairs = set(zip(areas.parent[zones].tolist(), areas.name[zones].tolist(), strict=True))
    assert len(pairs) == len(zones)


def test_columns_cannot_be_changed(areas):
    with pytest.raises(ValueError, match="read-only"):
        areas.population[0] = 1


def test_a_missing_or_broken_table_says_what_to_do(tmp_path):
    broken = tmp_path / "areas.npz"
    with pytest.raises(DataError, match="build_areas"):
        read_areas(broken)
    broken.write_bytes(b"PK no archive")
    with pytest.raises(DataError, match="build_areas"):
        read_areas(broken)
    np.savez(broken, level=np.zeros(1, dtype=np.uint8))
    with pytest.raises(DataError, match="another version"):
        read_areas(broken)


def test_reading_the_tree_loads_no_heavy_library():
    code = (
        "import sys, mapapp.domain.areas.area_tree as a; a.load_areas(); "
        "print(sorted({'pandas', 'geopandas', 'shapely', 'h3', 'h3ronpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_texts_take_no_more_room_than_they_need(areas):
    """As long as the longest each, they would take 28 MB of every process."""
    assert areas.name.nbytes + areas.code.nbytes + areas.members.nbytes < 3_000_000
    assert (type(areas.name[0]), type(areas.code.tolist()[0])) == (str, str)
