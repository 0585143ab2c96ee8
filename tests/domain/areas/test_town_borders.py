"""At a border, a town and a row of a file lead to a zone of the country that they name."""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mapapp.domain.areas.area_tree import REGION, load_areas
from mapapp.domain.areas.gazetteer import load_towns
from mapapp.domain.areas.locate import latlngs_to_zones
from mapapp.domain.areas.place_cells import codes_of_country
from mapapp.domain.areas.point_files import read_points
from mapapp.domain.areas.zone_towns import ZONES_FILE, town_zones
from mapapp.domain.core.folding import fold
from mapapp.errors import DataError
from mapapp.paths import DATA

sys.path.insert(0, str(DATA.parent / "scripts"))
from towns_zones import DISPUTED, HALF, regions_of_divisions, zone_arrays

FAR_FROM_HOME = {
    "Dhekelia": "a British base in Cyprus",
    "Olonkinbyen": "Jan Mayen, whose cells are northern Norway's",
    "Sarupathar": "placed in Myanmar by the gazetteer",
    "Vatican City": "its cell is Rome's",
}
"""Towns that have no zone of their country within some 30 km, and why."""


def test_each_town_leads_to_its_own_country() -> None:
    areas, towns = load_areas(), load_towns()
    abroad, disputed = set(), set()
    for row, zone in enumerate(town_zones().tolist()):
        town_code = towns.countries[row].decode()
        if town_code not in codes_of_country(zone):
            pair = (town_code, str(areas.code[areas.ancestors(zone)[0]]))
            (disputed.add(pair) if pair in DISPUTED else abroad.add(towns.town(row).name))
    assert abroad == FAR_FROM_HOME.keys()
    assert disputed == DISPUTED


def test_the_zones_that_are_kept_are_those_that_are_found() -> None:
    """If not, run scripts/towns_zones.py."""
    with np.load(ZONES_FILE) as kept:
        assert {name: kept[name].tolist() for name in kept.files} == {
            name: array.tolist() for name, array in zone_arrays().items()
        }


@pytest.fixture
def other_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Another file that the towns' zones are read from."""
    monkeypatch.setattr("mapapp.domain.areas.zone_towns.ZONES_FILE", tmp_path / "zones.npz")
    town_zones.cache_clear()
    yield tmp_path / "zones.npz"
    town_zones.cache_clear()


@pytest.mark.parametrize("what", ["no file", "damaged", "other areas", "other towns"])
def test_zones_of_another_table_are_refused(other_file: Path, what: str) -> None:
    arrays = zone_arrays()
    if what == "damaged":
        other_file.write_bytes(b"no arrays")
    elif what == "other areas":
        np.savez(other_file, zones=arrays["zones"], areas=np.array("another"))
    elif what == "other towns":
        np.savez(other_file, zones=arrays["zones"][1:], areas=arrays["areas"])
    with pytest.raises(DataError, match="towns’ zones is missing or damaged"):
        town_zones()


def test_towns_lead_to_their_own_region() -> None:
    """Some have none within two cells, where a region of the map is drawn elsewhere."""
    areas, towns = load_areas(), load_towns()
    cells = latlngs_to_zones(towns.lats, towns.lngs)
    every = np.ones(len(towns), dtype=bool)
    regions = regions_of_divisions(towns, cells, every)
    astray = (regions >= 0) & (areas.at_level(town_zones(), REGION) != regions)
    before = (regions >= 0) & (areas.at_level(cells, REGION) != regions)
    assert astray.sum() < before.sum() / 5
    american = towns.countries == b"US"
    assert not (astray & american).sum()
    assert (before & american).sum() > 50


def test_half_of_a_division_is_enough_only_for_a_region_of_its_name() -> None:
    areas, towns = load_areas(), load_towns()
    zones = latlngs_to_zones(towns.lats, towns.lngs)
    regions = regions_of_divisions(towns, zones, np.ones(len(towns), dtype=bool))
    own = areas.at_level(zones, REGION)
    for country, name in ((b"US", "North Dakota"), (b"US", "Missouri")):
        here = (towns.countries == country) & (
            np.array([towns.division_name(number) for number in towns.division_of]) == name
        )
        assert {fold(str(areas.name[region])) for region in regions[here]} == {fold(name)}
        assert (own[here] == regions[here]).mean() > HALF


ROWS = {
    "Windsor,Ontario,CA,,": "CA-ON",
    "Niagara Falls,New York,US,,": "US-NY",
    "Niagara Falls,,CA,,": "CA-ON",
    "Herzogenrath,,DE,,": "DE-NW",
    "Port Huron,,US,,": "US-MI",
    "St. Louis,Missouri,US,,": "US-MO",
    "St. Louis,MO,US,,": "US-MO",
    "Fargo,North Dakota,US,,": "US-ND",
    "Fargo,ND,US,,": "US-ND",
    "Vancouver,BC,CA,,": "CA-BC.x",
    "Vancouver,British Columbia,CA,,": "CA-BC.x",
    '"Vancouver, BC",,,,': "CA-BC.x",
    "Whitehorse,YT,CA,,": "CA-BC.x",
    "Delémont,JU,CH,,": "CH-SO.x",
    "Berlin,,,,": "DE-BE",
    "Wien,,,,": "AT-9",
    "Boston,,,,": "US-MA",
    "Hof,,DE,,": "DE-BY",
    # another town has the name as a second one, and is as large
    "Victoria,,,,": "More than one town",
    "Hof,,,,": "More than one town",
    "Bar,,,,": "More than one town",
    "Sparta,,,,": "More than one town",
    # coordinates, beside a border or in contradiction
    ",,CA,42.3149,-83.0364": "CA-ON",
    ",,US,43.0945,-79.0567": "US-NY",
    ",,DE,50.871,6.0947": "DE-NW",
    ",,FR,50.871,6.0947": "not in the country",
    ",Missouri,US,38.627,-90.199": "US-MO",
    ",Texas,DE,48.14,11.58": "not in the region",
    ",Texas,,48.14,11.58": "not in the region",
    ",TX,US,40.71,-74.0": "not in the region",
    ",US-TX,US,40.71,-74.0": "not in the region",
    ",New York,US,40.71,-74.0": "US-NY",
    ",NY,US,40.71,-74.0": "US-NY",
    ",Bayern,DE,48.14,11.58": "DE-BY",
    ",by,DE,48.14,11.58": "DE-BY",
    ",Oberbayern,DE,48.14,11.58": "DE-BY",  # not known, so it contradicts nothing
    ",Scotland,GB,55.95,-3.19": "GB-SCT",
    ",Yukon,CA,60.72,-135.05": "CA-BC.x",
    "Paris,,,48.14,11.58": "far from the town",
    "Munich,,DE,48.3,11.9": "DE-BY",
    "Boston,,,52.98,-0.02": "GB-ENG",
}


def test_rows_are_where_they_say(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("town,region,country,lat,lng\n" + "\n".join(ROWS) + "\n", encoding="utf-8")
    areas = load_areas()
    (part,) = read_points(path)
    said = {line: str(areas.code[areas.ancestors(zone)[1]]) for line, zone, _other in part.good}
    said |= {row.line: str(row.why) for row in part.bad}
    wrong = {
        row: said[line]
        for line, (row, words) in enumerate(ROWS.items(), start=2)
        if words not in said[line]
    }
    assert wrong == {}


@pytest.mark.parametrize("column", ["town", "region"])
def test_what_contradicts_is_not_repeated(tmp_path: Path, column: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"lat,lng,{column}\n48.14,11.58,Tokyo\n", encoding="utf-8")
    (part,) = read_points(path)
    (bad,) = part.bad
    assert not {"Tokyo", "48", "11"} & set(str(bad.why).replace(".", " ").split())
